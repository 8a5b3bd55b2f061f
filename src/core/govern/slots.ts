/**
 * Distinct persons fill role slots by bipartite matching (DESIGN 5.3). It must never look at who a person is;
 * candidates arrive as opaque names.
 */

/**
 * For each slot the person who fills it, or undefined where nobody is left; as many slots filled as can be
 * (Kuhn's augmenting paths). The same input gives the same filling.
 */
export function fillSlots(slots: readonly (readonly string[])[]): (string | undefined)[] {
  const slotOf = new Map<string, number>();
  slots.forEach((_, slot) => augment(slot, new Set()));
  const filled: (string | undefined)[] = slots.map(() => undefined);
  for (const [person, slot] of slotOf) filled[slot] = person;
  return filled;

  function augment(slot: number, tried: Set<string>): boolean {
    for (const person of slots[slot] ?? []) {
      if (tried.has(person)) continue;
      tried.add(person);
      const held = slotOf.get(person);
      if (held !== undefined && !augment(held, tried)) continue;
      slotOf.set(person, slot);
      return true;
    }
    return false;
  }
}

/** Whether every slot can have a person of its own. */
export function hasPerfectFilling(slots: readonly (readonly string[])[]): boolean {
  return fillSlots(slots).every((person) => person !== undefined);
}
