import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { Role, roleName } from "../../src/accounts/role.js";
import { type NumbersSubject, numbersOf, publishNumbers } from "../../src/market/numbers.js";
import { DataClass } from "../../src/records/dataClass.js";
import type { DataMarket } from "../../types/ethers-contracts/index.js";
import { required } from "../arguments/argumentInvalid.js";
import { className, recordClassArgument, roleArgument } from "../arguments/names.js";
import { coinArgument } from "../arguments/number.js";
import { isoTime } from "../clock.js";
import { coins } from "../coin/amount.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { requiredCoin, requiredRecords } from "./arguments.js";
import { units } from "./dataset.js";

interface NumbersArguments {
  readonly class: string | undefined;
  readonly role: string | undefined;
  readonly alpha: string | undefined;
  readonly c: string | undefined;
  readonly alphaMin: string | undefined;
  readonly alphaMax: string | undefined;
  readonly cMin: string | undefined;
  readonly cMax: string | undefined;
  readonly from: string;
}

const BUYERS = [Role.Researcher, Role.Company, Role.Insurer];

/** Shows what is published, for all or for a class or a role, or publishes for a class and a role. */
export default async function numbers(args: NumbersArguments, hre: HardhatRuntimeEnvironment) {
  const publication = publicationArgument(args);
  const subjects = subjectsArgument(args);
  const { connection, contracts } = await openDeployment(hre);
  const { dataMarket } = contracts;
  if (publication === undefined) return published(dataMarket, subjects);
  const { subject, values } = publication;
  await publishNumbers(dataMarket.connect(await signerOf(connection, args.from)), subject, values);
  return published(dataMarket, [subject]);
}

/** Bounds that are left out are the numbers themselves: then they do not move. */
function publicationArgument(args: NumbersArguments) {
  const numbers = [args.alpha, args.c, args.alphaMin, args.alphaMax, args.cMin, args.cMax];
  if (numbers.every((text) => text === undefined)) return undefined;
  const alpha = requiredCoin(args.alpha, "alpha");
  const c = requiredRecords(args.c, "c");
  const records = (text: string | undefined, option: string) =>
    text === undefined ? c : requiredRecords(text, option);
  const values = {
    alpha,
    c,
    alphaMin: args.alphaMin === undefined ? alpha : coinArgument(args.alphaMin),
    alphaMax: args.alphaMax === undefined ? alpha : coinArgument(args.alphaMax),
    cMin: records(args.cMin, "c-min"),
    cMax: records(args.cMax, "c-max"),
  };
  return { subject: subjectArgument(args), values };
}

/** The class and the role that the numbers are for. @throws {ArgumentMissing}, {@link ArgumentInvalid}. */
export function subjectArgument(args: Pick<NumbersArguments, "class" | "role">): NumbersSubject {
  return {
    dataClass: recordClassArgument(required(args.class, "class", "a class of records, such as AmbulatoryRecord")),
    role: roleArgument(required(args.role, "role", "a role that buys, such as Researcher")),
  };
}

/** Every class and role, or those that are named. @throws {ArgumentInvalid} */
function subjectsArgument(args: Pick<NumbersArguments, "class" | "role">): NumbersSubject[] {
  const classes =
    args.class === undefined
      ? Object.values(DataClass).filter((code) => code >= 24)
      : [recordClassArgument(args.class)];
  const roles = args.role === undefined ? BUYERS : [roleArgument(args.role)];
  return classes.flatMap((dataClass) => roles.map((role) => ({ dataClass, role })));
}

async function published(market: DataMarket, subjects: readonly NumbersSubject[]) {
  const rows = await Promise.all(
    subjects.map(async (subject) => {
      const found = await numbersOf(market, subject);
      if (found === undefined) return [];
      const { alpha, c, alphaMin, alphaMax, cMin, cMax, since, demand, orders } = found;
      return [
        {
          class: className(subject.dataClass),
          role: roleName(subject.role),
          alpha: coins(alpha),
          c: units(c),
          alphaMin: coins(alphaMin),
          alphaMax: coins(alphaMax),
          cMin: units(cMin),
          cMax: units(cMax),
          since: isoTime(since),
          demand,
          orders,
        },
      ];
    }),
  );
  return rows.flat();
}
