/** The port to the people of a forge: see ports.ts, which hands it out. It tells who is where and decides nothing. */
import type { Account, Team } from "../core/govern/directory.ts";

/** Who is in an organisation on a forge. Read whole, or a Failure: somebody missing would lose their role. */
export interface ForgeDirectory {
  team(org: string, slug: string): Promise<Team>;
  /** One account by the id that never changes: what it is called now, and whether it is in the organisation. */
  account(org: string, id: number): Promise<Account>;
}
