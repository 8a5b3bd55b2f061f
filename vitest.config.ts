/**
 * How the tests are run. Tests of the pure core share their workers (a worker for each file costs about 80 ms);
 * tests that start processes, change files or listen on ports get a worker of their own.
 */
import { defineConfig } from "vitest/config";

/** Folders whose tests touch the world. */
const world = [
  "test/architecture/**",
  "test/e2e/**",
  "test/scenarios/**",
  "test/adapters/**",
  "test/readme/**",
];

export default defineConfig({
  test: {
    // By default one core is left idle, which on two cores is half of the machine.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "core",
          include: ["test/**/*.test.ts"],
          exclude: [...world, "test/hosts/**"],
          isolate: false,
          // A limit is for what hangs; how fast something is, the benchmarks say.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "world",
          include: world.map((folder) => `${folder}/*.test.ts`),
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Real registries and stores, started once for all files here and only when one of them runs.
        test: {
          name: "hosts",
          include: ["test/hosts/*.test.ts"],
          globalSetup: "test/hosts/servers.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
    coverage: { include: ["src/**"], exclude: ["src/generated/**"] },
  },
});
