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
type Readers = { readonly [Name in keyof DeploymentParameters]: (value: unknown) => DeploymentParameters[Name] };

const readers: Readers = {
  administrator: (value) => address(value, "administrator"),
  registrars: (value) => addresses(value, "registrars"),
  operators: (value) => addresses(value, "operators"),
  operatorDelay: (value) => whole(value, "operatorDelay", 0, 2 ** 32 - 1),
  emissionCap: (value) => {
    if (typeof value !== "string") throw new ParametersInvalid('give emissionCap as a text, such as "1000000" coins');
    return coinArgument(value);
  },
  breakGlass: (value) => {
    const { dailyLimit, duration, ...others } = fields(value, "breakGlass");
    refuseUnknown(others);
    return {
      dailyLimit: whole(dailyLimit, "breakGlass.dailyLimit", 1, 24),
      duration: whole(duration, "breakGlass.duration", 900, 86_400),
    };
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
    known.filter((name) => given[name] !== undefined).map((name) => [name, readers[name](given[name])]),
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

function whole(value: unknown, name: string, lowest: number, highest: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < lowest || value > highest) {
    throw new ParametersInvalid(`give ${name} as a whole number from ${lowest} to ${highest}`);
  }
  return value;
}
