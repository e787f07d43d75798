/** Sprig 3.3's functions for text templates, as Helm offers them to charts: without `env` and `expandenv`. */
import { randomBytes } from "node:crypto";
import type { GoFunction } from "../template/value.ts";
import { certificateFunctions } from "./certificates.ts";
import { dateFunctions } from "./dates.ts";
import { defaultFunctions } from "./defaults.ts";
import { dictFunctions } from "./dicts.ts";
import { encodingFunctions } from "./encoding.ts";
import { hashFunctions } from "./hashes.ts";
import { type JsonCodec, jsonFunctions } from "./json.ts";
import { listFunctions } from "./lists.ts";
import { mathFunctions } from "./math.ts";
import { networkFunctions } from "./network.ts";
import { passwordFunctions } from "./passwords.ts";
import { pathFunctions } from "./paths.ts";
import { type RandomBytes, randomFunctions } from "./random.ts";
import { reflectFunctions } from "./reflect.ts";
import { regexFunctions } from "./regex.ts";
import { semverFunctions } from "./semver.ts";
import { stringFunctions } from "./strings.ts";
import { urlFunctions } from "./url.ts";
import { type GenerateKey, generateKey } from "./x509/private-key.ts";

export { environmentFunctions } from "./environment.ts";

/** What the functions take from outside. */
export interface SprigDependencies {
  readonly json: JsonCodec;
  /** Milliseconds since 1970; may have a fraction. Default: the machine's clock. */
  readonly now?: () => number;
  /** Random bytes. Default: node:crypto's. */
  readonly random?: RandomBytes;
  /** New private keys. Default: node:crypto's. */
  readonly privateKey?: GenerateKey;
}

/** All functions by name. A call that fails throws an Error with Go's words. */
export function sprigFunctions(dependencies: SprigDependencies): Map<string, GoFunction> {
  const { json, now = () => Date.now(), random = (count) => randomBytes(count), privateKey = generateKey } =
    dependencies;
  const families = [
    stringFunctions,
    listFunctions,
    dictFunctions,
    defaultFunctions,
    mathFunctions,
    reflectFunctions,
    regexFunctions,
    semverFunctions,
    encodingFunctions,
    hashFunctions,
    networkFunctions,
    pathFunctions,
    urlFunctions,
    jsonFunctions(json),
    dateFunctions(now),
    randomFunctions(random),
    passwordFunctions(random),
    certificateFunctions(random, now, privateKey),
  ];
  return new Map(families.flatMap((family) => Object.entries(family)));
}
