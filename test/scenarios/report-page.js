/**
 * What is wrong with a page, as a browser shows it: names that are missing, words that are cut or too faint, things that
 * stick out. An expression that is evaluated inside the page; the list of what is wrong.
 */
(() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const told = (element) => `${element.tagName} ${(element.textContent ?? "").slice(0, 40)}`;

  if (document.documentElement.lang === "") faults.push("no language");
  if (document.title === "") faults.push("no title");
  if (all("h1").length !== 1) faults.push(`${all("h1").length} h1`);
  if (all("main").length !== 1) faults.push("no main");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4")) {
    const own = Number(heading.tagName.slice(1));
    if (own > level + 1) faults.push(`heading skips a level: ${told(heading)}`);
    level = own;
  }
  const ids = all("[id]").map(({ id }) => id);
  for (const id of new Set(ids.filter((each, at) => ids.indexOf(each) !== at))) faults.push(`two #${id}`);
  for (const name of ["aria-labelledby", "aria-describedby"])
    for (const element of all(`[${name}]`))
      for (const id of (element.getAttribute(name) ?? "").split(" "))
        if (document.getElementById(id) === null) faults.push(`${name} of ${told(element)} names nothing`);
  for (const link of all("a[href]"))
    if (document.querySelector(`[id="${(link.getAttribute("href") ?? "").slice(1)}"]`) === null)
      faults.push(`${told(link)} leads nowhere`);

  for (const table of all("table")) {
    if ((table.querySelector("caption")?.textContent ?? "") === "") faults.push("a table without caption");
    const columns = table.querySelectorAll("thead th[scope=col]").length;
    for (const row of table.querySelectorAll("tbody tr")) {
      if (row.children.length !== columns)
        faults.push(`a row of ${row.children.length} for ${columns} columns`);
      if (row.querySelectorAll("th[scope=row]").length !== 1) faults.push("a row without its header");
    }
  }
  for (const region of all(".scroll")) {
    if (region.getAttribute("tabindex") !== "0" || (region.getAttribute("aria-label") ?? "") === "")
      faults.push("a table that scrolls and cannot be reached by keyboard");
  }

  // Words of drawings stay inside them.
  for (const svg of all("svg")) {
    if (svg.getAttribute("role") !== "img" || (svg.querySelector("desc")?.textContent ?? "") === "")
      faults.push("a drawing without words");
    const { width, height } = svg.viewBox.baseVal;
    for (const word of svg.querySelectorAll("text")) {
      const box = word.getBBox();
      if (box.x < -1 || box.y < -1 || box.x + box.width > width + 1 || box.y + box.height > height + 1)
        faults.push(`a word leaves its drawing: ${told(word)}`);
    }
  }

  if (document.documentElement.scrollWidth > innerWidth)
    faults.push(`the page is ${document.documentElement.scrollWidth} wide`);

  // Contrast as WCAG 2 counts it.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [r = 0, g = 0, b = 0] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const ground = rgba(getComputedStyle(each).backgroundColor);
      if (ground[3] === 255) return ground;
    }
    return rgba(getComputedStyle(document.body).backgroundColor);
  };
  const seen = new Set();
  for (const element of all("body *")) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "",
    );
    if (!own || element.closest("desc, style") !== null) continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    // Numbers on bars stand on the bar that was drawn before them.
    const bar = element.classList.contains("onBox") ? element.previousElementSibling : null;
    const ground = bar === null ? groundOf(element) : rgba(getComputedStyle(bar).fill);
    const ink = rgba(isDrawn ? style.fill : style.color);
    const key = `${ink.join()} ${ground.join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const [light = 0, dark = 0] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)} of ${told(element)}`);
  }
  if (seen.size < 3) faults.push("hardly any text was looked at");
  return faults;
})();
