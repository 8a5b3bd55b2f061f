/**
 * What runs in the sandbox before a plugin: it takes away what would make an answer depend on anything but its input
 * (clock, randomness, what the collector did), gives plugin(), and turns answers into text. It guards nobody: the
 * sandbox has nothing in it that is worth taking, and whoever reads the text trusts none of it.
 */

/** An answer may be this long, in UTF-16 units. */
export const MAX_ANSWER = 1_000_000;

/** A script whose value is `{describe(), call(path, json)}`; both give text or throw. */
export const prelude = `(() => {
  "use strict";
  const { parse, stringify } = JSON;
  const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf, apply } = Reflect;
  const { isArray } = Array;
  const { isFinite } = Number;
  const { prototype: plain } = Object;
  const hasOwn = Object.hasOwn;
  const isWellFormed = Function.prototype.call.bind(String.prototype.isWellFormed);
  const create = Object.create;
  const define = Object.defineProperty;
  const Wrong = TypeError;

  // Only what every machine answers alike may stay.
  for (const name of ["Date", "WeakRef", "FinalizationRegistry", "SharedArrayBuffer", "Atomics", "Promise",
    "queueMicrotask", "performance", "console", "Intl", "eval", "escape", "unescape", "navigator", "gc"])
    delete globalThis[name];
  delete Math.random;
  for (const [of, names] of [
    [String, ["localeCompare", "toLocaleLowerCase", "toLocaleUpperCase"]],
    [Number, ["toLocaleString"]], [Array, ["toLocaleString"]], [Object, ["toLocaleString"]],
  ]) for (const name of names) delete of.prototype[name];

  let given;
  let isGiven = false;
  define(globalThis, "plugin", { value: (definition) => {
    if (isGiven) throw new Wrong("plugin() is called twice");
    isGiven = true;
    given = definition;
  } });

  const MAX_DEPTH = 32;
  const MAX_VALUES = 100000;
  let left = 0;

  // A copy that is nothing but data: no getters, no prototypes, no circles, nothing that JSON would drop in silence.
  const copy = (value, depth, functions) => {
    if (--left < 0) throw new Wrong("the answer has more than " + MAX_VALUES + " values");
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "string") {
      if (!isWellFormed(value)) throw new Wrong("a text in the answer is not well-formed Unicode");
      return value;
    }
    if (typeof value === "number") {
      if (!isFinite(value)) throw new Wrong("the answer holds a number that JSON has not");
      return value;
    }
    if (functions && typeof value === "function") return "function";
    if (typeof value !== "object") throw new Wrong("the answer holds a value that JSON has not: " + typeof value);
    if (depth >= MAX_DEPTH) throw new Wrong("the answer is nested over " + MAX_DEPTH + " deep, or in a circle");
    const list = isArray(value);
    const parent = getPrototypeOf(value);
    if (!list && parent !== plain && parent !== null)
      throw new Wrong("the answer holds an object that is neither plain nor an array");
    const made = list ? [] : create(null);
    if (list) setPrototypeOf(made, null);
    const keys = ownKeys(value);
    let index = 0;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (typeof key !== "string") throw new Wrong("the answer has a key that is no text");
      if (list && key === "length") continue;
      if (list && key !== "" + index++) throw new Wrong("the answer holds an array with gaps or names");
      if (key === "__proto__" || key === "constructor" || key === "prototype")
        throw new Wrong("the answer has the key " + key);
      const own = getOwnPropertyDescriptor(value, key);
      if (own === undefined || !hasOwn(own, "value")) throw new Wrong("the answer has a getter: " + key);
      if (own.value === undefined && !list) continue;
      define(made, key, { value: copy(own.value, depth + 1, functions), enumerable: true, configurable: true, writable: true });
    }
    if (list && index !== value.length) throw new Wrong("the answer holds an array with gaps or names");
    return made;
  };
  const textOf = (value, functions) => {
    left = MAX_VALUES;
    // A function has a text of its own; nothing in the copy inherits from anything that a plugin could have changed.
    const text = stringify(copy(value, 0, functions));
    if (text.length > ${MAX_ANSWER}) throw new Wrong("the answer has more than ${MAX_ANSWER} characters");
    return text;
  };
  return {
    describe() {
      if (!isGiven) throw new Wrong("it does not call plugin()");
      return textOf(given, true);
    },
    run(path, json) {
      let target = given;
      let holder;
      const names = parse(path);
      for (let i = 0; i < names.length; i++) {
        holder = target;
        target = target[names[i]];
      }
      return apply(target, holder, parse(json));
    },
    // Apart from run, so that a throw of the plugin and an answer that cannot be told are two things.
    tell(value) { return textOf(value, false); },
  };
})()`;
