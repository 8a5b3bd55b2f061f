/**
 * Which hosts may be asked for artifacts. What the attacker controls: every address, since it stands in an entry that
 * anybody may propose, and what names resolve to. A trusted job that verifies artifacts stands inside a network, so
 * nothing private (this machine, the cloud's metadata, the intranet) is asked unless whoever runs it has named the host.
 */
import { lookup as resolveName, type LookupAddress, type LookupOptions } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { Failure } from "../../core/model/failure.ts";

const privateRanges = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  privateRanges.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  privateRanges.addSubnet(network, prefix, "ipv6");

/** Whether an IP address is one that the whole internet may mean. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  // BlockList reads ::ffff:10.0.0.1 as the IPv4 address that it is.
  return family !== 0 && !privateRanges.check(address, family === 4 ? "ipv4" : "ipv6");
}

export interface Guard {
  /** Throws a Failure where an address may not be asked. */
  check(url: URL): void;
  /** Resolves names for connections, to public addresses only, so that a name cannot change its mind in between. */
  lookupFor(url: URL): LookupFunction;
}

/** A guard; `hosts` were named by whoever runs the program. */
export function guardOf(hosts: readonly string[]): Guard {
  const named = new Set(hosts.map((host) => host.toLowerCase()));
  const isNamed = ({ host, hostname }: URL): boolean => named.has(host) || named.has(hostname);
  return {
    check(url) {
      if (url.username !== "" || url.password !== "") throw refused(url, "the address carries a password");
      if (isNamed(url)) return;
      if (url.protocol !== "https:") throw refused(url, "only https is asked");
      const literal = url.hostname.replace(/^\[|\]$/g, "");
      if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw refused(url, "it is a private address");
      if (!literal.includes(".") && isIP(literal) === 0) throw refused(url, "it is a name of this network");
    },
    lookupFor: (url) => (isNamed(url) ? resolveName : (lookupPublic satisfies LookupFunction)),
  };
}

function lookupPublic(
  hostname: string,
  options: LookupOptions,
  told: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
): void {
  resolveName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return told(error, []);
    const [first] = addresses;
    const isPublic = addresses.every(({ address }) => isPublicAddress(address));
    if (first === undefined || !isPublic) {
      return told(new Error(`${hostname} is a private address (--allow-host lets it be asked)`), []);
    }
    if (options.all === true) told(null, addresses);
    else told(null, first.address, first.family);
  });
}

function refused(url: URL, why: string): Failure {
  return new Failure("artifact/refused", `${url.host} is not asked: ${why}.`, {
    hint: "Whoever runs this may allow it: --allow-host <host>, or <host>:<port>.",
    category: "auth",
  });
}
