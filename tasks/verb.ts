import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";

/**
 * Begins the declaration of a verb. All verbs can print JSON.
 *
 * @param id domain and verb: `["consent", "grant"]` is `npx hardhat consent grant`.
 * @param description one sentence.
 */
export function verb(id: string | string[], description: string) {
  return task(id, description).addFlag({ name: "json", description: "Print the result as one JSON document" });
}

/** Begins the declaration of a verb that sends transactions. */
export function signingVerb(id: string[], description: string) {
  return verb(id, description).addOption({
    name: "from",
    description:
      "Who signs: index or address of an account of the network, `key`, or `mnemonic:INDEX` (see docs/tasks.md)",
    defaultValue: "0",
  });
}

/** Begins the declaration of a verb that a patient may only sign, while another account sends it and pays. */
export function patientVerb(id: string[], description: string) {
  return signingVerb(id, description)
    .addOption(optional("relayer", "Account that sends and pays what --from only signs; by default --from sends"))
    .addOption({
      name: "deadline",
      description: "Until when the signature may be sent, a day or a time from now; used with --relayer",
      defaultValue: "1d",
    });
}

/** An option that may be left out. */
export function optional<Name extends string>(name: Name, description: string) {
  return { name, description, type: ArgumentType.STRING_WITHOUT_DEFAULT, defaultValue: undefined } as const;
}
