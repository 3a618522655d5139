import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checksummed } from "../../src/accounts/index.js";
import { decide } from "../../src/records/decision.js";
import { required } from "../arguments/argumentInvalid.js";
import { className, purposeArgument, sectionClassArgument } from "../arguments/names.js";
import { wordArgument } from "../arguments/number.js";
import { openDeployment } from "../deployment.js";

interface CheckArguments {
  readonly id: string;
  readonly requester: string | undefined;
  readonly purpose: string;
  readonly class: string | undefined;
}

export default async function check(args: CheckArguments, hre: HardhatRuntimeEnvironment) {
  const recordId = wordArgument(args.id, "a record's id");
  const requester = checksummed(required(args.requester, "requester", "the address of who asks"), "requester");
  const purpose = purposeArgument(args.purpose);
  const dataClass = sectionClassArgument(required(args.class, "class", "the class of the section, such as Laboratory"));
  const { contracts } = await openDeployment(hre);
  const decision = await decide(contracts.consentRegistry, { recordId, requester, purpose, dataClass });
  return { record: recordId, requester, purpose, class: className(dataClass), ...decision };
}
