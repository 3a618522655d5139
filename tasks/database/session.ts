import { DatabaseSession, waitingRequests } from "../../database/index.js";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { purposeArgument } from "../arguments/names.js";
import { wholeNumberArgument, wordArgument } from "../arguments/number.js";
import type { Deployment } from "../deployment.js";
import { signerOf } from "../signer.js";

/** How a verb names a medical database, and who logs in there for what. */
export interface SessionArguments {
  readonly url: string | undefined;
  readonly institution: string | undefined;
  readonly from: string;
  readonly purpose: string;
}

/**
 * Logs a wallet in at an institution's medical database.
 *
 * @throws {ArgumentMissing}, {@link ArgumentInvalid}, {@link DatabaseRefused}, {@link NotAMedicalDatabase}.
 */
export async function openSession({ connection }: Deployment, args: SessionArguments): Promise<DatabaseSession> {
  const url = required(args.url, "url", "the medical database's address, such as http://127.0.0.1:8080");
  if (!URL.canParse(url)) throw new ArgumentInvalid(url, "an address such as http://127.0.0.1:8080");
  const institution = required(args.institution, "institution", "the institution's number");
  const { chainId } = await connection.ethers.provider.getNetwork();
  return DatabaseSession.open({
    url: new URL(url).origin,
    institution: wholeNumberArgument(institution, 1, 65_535),
    signer: await signerOf(connection, args.from),
    purpose: purposeArgument(args.purpose),
    chainId,
  });
}

/**
 * The ids of the records to be signed: those that were named, or all that wait for the session's wallet.
 *
 * @throws {ArgumentInvalid}
 */
export async function waitingIds(session: DatabaseSession, named: readonly string[]): Promise<string[]> {
  if (named.length > 0) return named.map((id) => wordArgument(id, "a record's id"));
  return (await waitingRequests(session)).filter(({ state }) => state === "pending").map(({ id }) => id);
}
