import { dirname, resolve } from "node:path";
import type { InstitutionOptions } from "../../database/index.js";
import { checksummed } from "../../src/accounts/index.js";
import { required } from "../arguments/argumentInvalid.js";
import { identityArgument } from "../arguments/identity.js";
import { wholeNumberArgument } from "../arguments/number.js";
import { readJson } from "../file.js";
import { readKeyFile } from "./keyFile.js";

/** An institution to serve, and its attending physician. */
export interface ServedInstitution extends InstitutionOptions {
  readonly attending: string | undefined;
}

/** The options of `database serve` for one institution; a file lists several of the same names. */
export interface InstitutionArguments {
  readonly institution: string | undefined;
  readonly name: string | undefined;
  readonly organization: string | undefined;
  readonly file: string | undefined;
  readonly keyFile: string | undefined;
  readonly attending: string | undefined;
}

/** The file is not a list of institutions. */
export class InstitutionsInvalid extends Error {
  override readonly name = "InstitutionsInvalid";

  constructor(path: string) {
    super(
      `${path} lists no institutions: write [{"institution": "1", "name": "..", "organization": "system|value", ` +
        '"file": "..", "keyFile": "..", "attending": "0x.."}, ..].',
    );
  }
}

/** One institution, from the options. @throws {ArgumentMissing}, {@link ArgumentInvalid}, {@link KeyFileInvalid}. */
export async function institutionOf(args: InstitutionArguments, folder = "."): Promise<ServedInstitution> {
  const number = required(args.institution, "institution", "the institution's number in the account center");
  const organization = required(args.organization, "organization", "the identifier by which bundles name it");
  const file = required(args.file, "file", "the path of its database file");
  const keyFile = required(args.keyFile, "key-file", "the file of its key, as `database new-key` makes it");
  return {
    number: wholeNumberArgument(number, 1, 65_535),
    name: args.name ?? `Institution ${number}`,
    organization: identityArgument(organization),
    file: resolve(folder, file),
    kek: await readKeyFile(resolve(folder, keyFile)),
    attending: args.attending === undefined ? undefined : checksummed(args.attending, "attending physician"),
  };
}

/** All institutions of a file; its paths count from its own folder. @throws {InstitutionsInvalid}, and as {@link institutionOf}. */
export async function institutionsIn(path: string): Promise<ServedInstitution[]> {
  const listed = await readJson(path);
  if (!Array.isArray(listed) || listed.length === 0) throw new InstitutionsInvalid(path);
  return Promise.all(
    listed.map((entry: unknown) => {
      if (typeof entry !== "object" || entry === null) throw new InstitutionsInvalid(path);
      const texts = Object.entries(entry).map(([name, value]) => [name, String(value)]);
      return institutionOf(Object.fromEntries(texts) as InstitutionArguments, dirname(path));
    }),
  );
}
