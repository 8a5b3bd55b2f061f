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
    projects: [
      {
        test: {
          name: "core",
          include: ["test/**/*.test.ts"],
          exclude: world,
          isolate: false,
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
    ],
    coverage: { include: ["src/**"], exclude: ["src/generated/**"] },
  },
});
