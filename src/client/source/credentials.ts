/**
 * Who we are at hosts, from an environment that the caller hands over and from Docker's own configuration.
 * Secrets stay values: nothing here prints, stores or sends one, and no credential helper is run, because a helper is a
 * program that a configuration file names.
 */
import { readFileSync } from "node:fs";
import { isObject } from "../../core/model/json.ts";
import type { OciCredentials } from "./oci-session.ts";
import type { S3Credentials } from "./s3-signature.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value. Empty is not set: workflows fill in what they have no secret for with nothing. */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === "" ? undefined : value;
}

/** The key of an S3-compatible store: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN. */
export function s3Credentials(env: Environment): S3Credentials | undefined {
  const accessKeyId = variable(env, "AWS_ACCESS_KEY_ID");
  const secretAccessKey = variable(env, "AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: variable(env, "AWS_SESSION_TOKEN") };
}

/** The region of an S3-compatible store, where an address names none. */
export function s3Region(env: Environment): string | undefined {
  return variable(env, "AWS_REGION") ?? variable(env, "AWS_DEFAULT_REGION");
}

/**
 * Who we are at a registry: ASSENT_OCI_USERNAME and ASSENT_OCI_PASSWORD (for ASSENT_OCI_HOST only, where that is set), else
 * what `docker login` has written.
 */
export function ociCredentials(env: Environment): (host: string) => OciCredentials | undefined {
  return (host) => {
    const username = variable(env, "ASSENT_OCI_USERNAME");
    const password = variable(env, "ASSENT_OCI_PASSWORD");
    const isMeant = (variable(env, "ASSENT_OCI_HOST") ?? host) === host;
    if (username !== undefined && password !== undefined && isMeant) return { username, password };
    const home = variable(env, "HOME");
    const folder = variable(env, "DOCKER_CONFIG") ?? (home === undefined ? undefined : `${home}/.docker`);
    return folder === undefined ? undefined : inDockerConfig(`${folder}/config.json`, host);
  };
}

function inDockerConfig(file: string, host: string): OciCredentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
  const auths = isObject(value) && isObject(value["auths"]) ? value["auths"] : {};
  const entry = auths[host] ?? auths[`https://${host}`];
  if (!isObject(entry) || typeof entry["auth"] !== "string") return undefined;
  const text = Buffer.from(entry["auth"], "base64").toString();
  const colon = text.indexOf(":");
  return colon < 1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
