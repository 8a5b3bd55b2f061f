/**
 * How long this process has computed, in milliseconds. Tests that nothing may keep the program busy measure with it:
 * other programs on the machine do not count, so a bound means the same on a busy machine as on a quiet one.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
