import { isHexString } from "ethers";
import type { DeploymentParameters } from "../../ignition/parameters.js";
import { checksummed } from "../../src/accounts/index.js";
import { coinArgument } from "../arguments/number.js";

/** The parameters file says something that a deployment cannot use. */
export class ParametersInvalid extends Error {
  override readonly name = "ParametersInvalid";

  constructor(reason: string) {
    super(`The deployment's parameters cannot be used: ${reason}.`);
  }
}

type Fields = Readonly<Record<string, unknown>>;
type Reader<Value> = (value: unknown, name: string) => Value;
type ReadersOf<Group> = { readonly [Name in keyof Group]-?: Reader<NonNullable<Group[Name]>> };

const readers: ReadersOf<DeploymentParameters> = {
  administrator: address,
  registrars: addresses,
  operators: addresses,
  arbiters: addresses,
  pausers: addresses,
  operatorDelay: whole(0, 2 ** 32 - 1),
  emissionCap: coin,
  breakGlass: group({ dailyLimit: whole(1, 24), duration: whole(900, 86_400) }),
  slots: group({ genesis: whole(0, 2 ** 40 - 1), slotTime: whole(1, 3_600) }),
  validatorRules: group({
    seats: whole(4, 128),
    minValidators: whole(4, 128),
    epochLength: whole(10, 30 * 86_400),
    unbondingEpochs: whole(2, 60),
    maxCommission: whole(0, 5_000),
    commissionNotice: whole(1, 60),
    jailTime: whole(1, 30 * 86_400),
    slashFraction: whole(1, 10_000),
    minSelfStake: coin,
  }),
  blockRewards: group({
    blockReward: coin,
    leaderShare: whole(0, 10_000),
    minParticipation: whole(0, 5_000),
    minBlocks: whole(1, 65_535),
  }),
  followsSchedule: (value, name) => {
    if (typeof value !== "boolean") throw new ParametersInvalid(`give ${name} as true or false`);
    return value;
  },
  marketRules: group({
    periodLength: whole(3_600, 366 * 86_400),
    deliveryTime: whole(3_600, 90 * 86_400),
    disputeWindow: whole(3_600, 90 * 86_400),
    arbitrationTime: whole(3_600, 366 * 86_400),
    turnover: whole(1, 65_535),
    reactivity: whole(0, 10_000),
  }),
  sharingReward: group({
    amount: coin,
    patientPart: whole(0, 10_000),
    doctorPart: whole(0, 10_000),
    leastFloor: coin,
  }),
  voteSalt: (value, name) => {
    if (!isHexString(value, 32)) throw new ParametersInvalid(`give ${name} as 32 bytes in hex`);
    return value;
  },
};

/**
 * The parameters from JSON that nobody has checked. What it leaves out has its default.
 *
 * @throws {ParametersInvalid}, {@link InvalidAddress}, {@link ArgumentInvalid}.
 */
export function readParameters(value: unknown): Partial<DeploymentParameters> {
  const given = fields(value, "file");
  const known = Object.keys(readers) as (keyof DeploymentParameters)[];
  refuseUnknown(Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(readers, name))));
  return Object.fromEntries(
    known.filter((name) => given[name] !== undefined).map((name) => [name, readers[name](given[name], name)]),
  );
}

function refuseUnknown(others: Fields): void {
  const [name] = Object.keys(others);
  if (name === undefined) return;
  throw new ParametersInvalid(`there is no parameter ${name}; there are ${Object.keys(readers).join(", ")}`);
}

function fields(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ParametersInvalid(`give ${name} as a JSON object`);
  }
  return value as Fields;
}

function address(value: unknown, name: string): string {
  return checksummed(String(value), `parameter ${name}`);
}

function addresses(value: unknown, name: string): string[] {
  if (!Array.isArray(value) || value.length === 0) throw new ParametersInvalid(`give ${name} as a list of addresses`);
  return value.map((item) => address(item, name));
}

function whole(lowest: number, highest: number): Reader<number> {
  return (value, name) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < lowest || value > highest) {
      throw new ParametersInvalid(`give ${name} as a whole number from ${lowest} to ${highest}`);
    }
    return value;
  };
}

function coin(value: unknown, name: string): bigint {
  if (typeof value !== "string") throw new ParametersInvalid(`give ${name} as a text, such as "1000000" coins`);
  return coinArgument(value);
}

/** A parameter of several members, all of which are given. */
function group<Group extends object>(members: ReadersOf<Group>): Reader<Group> {
  return (value, name) => {
    const given = fields(value, name);
    const names = Object.keys(members) as (keyof Group & string)[];
    const unknown = Object.keys(given).find((member) => !Object.hasOwn(members, member));
    if (unknown !== undefined) {
      throw new ParametersInvalid(`${name} has no ${unknown}; it has ${names.join(", ")}`);
    }
    const read = names.map((member) => [member, members[member](given[member], `${name}.${member}`)]);
    return Object.fromEntries(read) as Group;
  };
}
