import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { type Listing, listDataset } from "../../src/market/listing.js";
import { dataClassBits } from "../../src/records/dataClass.js";
import { purposeBits } from "../../src/records/purposeOfUse.js";
import { ALL_SECTION_CLASSES } from "../../src/records/terms.js";
import { ArgumentInvalid, required } from "../arguments/argumentInvalid.js";
import { purposesArgument, recordClassArgument, sectionClassesArgument } from "../arguments/names.js";
import { coinArgument, wholeNumberArgument } from "../arguments/number.js";
import { percentArgument } from "../consensus/percent.js";
import { openDeployment } from "../deployment.js";
import { signerOf } from "../signer.js";
import { requiredCoin } from "./arguments.js";
import { datasetText } from "./dataset.js";

interface ListArguments {
  readonly class: string | undefined;
  readonly weights: string | undefined;
  readonly sections: string;
  readonly purposes: string | undefined;
  readonly gamma: string | undefined;
  readonly floor: string;
  readonly lambdaMin: string | undefined;
  readonly lambdaMax: string | undefined;
  readonly patientShare: string;
  readonly doctorShare: string;
  readonly from: string;
}

export default async function list(args: ListArguments, hre: HardhatRuntimeEnvironment) {
  const listing = listingArgument(args);
  const { connection, contracts } = await openDeployment(hre);
  const registry = contracts.datasetRegistry.connect(await signerOf(connection, args.from));
  const { dataset, receipt } = await listDataset(registry, listing);
  return { ...(await datasetText(contracts, dataset)), transaction: receipt.hash };
}

/** @throws {ArgumentMissing}, {@link ArgumentInvalid}. */
function listingArgument(args: ListArguments): Listing {
  const dataClass = recordClassArgument(required(args.class, "class", "a class of records, such as AmbulatoryRecord"));
  const sections = sectionClassesArgument(args.sections);
  return {
    dataClass,
    weights: args.weights === undefined ? { [dataClass]: 1 } : weightsArgument(args.weights),
    sectionClasses: sections === "all" ? ALL_SECTION_CLASSES : dataClassBits(...sections),
    purposes: purposeBits(...purposesArgument(required(args.purposes, "purposes", "purposes of use, such as HRESCH"))),
    gamma: requiredCoin(args.gamma, "gamma"),
    floor: coinArgument(args.floor),
    lambdaMin: requiredCoin(args.lambdaMin, "lambda-min"),
    lambdaMax: requiredCoin(args.lambdaMax, "lambda-max"),
    patientShare: percentArgument(args.patientShare),
    doctorShare: percentArgument(args.doctorShare),
  };
}

/** Weights as `AmbulatoryRecord:1,EmergencyRecord:2`. @throws {ArgumentInvalid} */
function weightsArgument(text: string): Listing["weights"] {
  const entries = text.split(",").map((entry) => {
    const [name = "", weight, ...more] = entry.split(":");
    if (weight === undefined || more.length > 0) {
      throw new ArgumentInvalid(entry, "a class of records and its weight, such as AmbulatoryRecord:1");
    }
    return [recordClassArgument(name), wholeNumberArgument(weight, 1, 255)] as const;
  });
  if (new Set(entries.map(([dataClass]) => dataClass)).size < entries.length) {
    throw new ArgumentInvalid(text, "each class of records once");
  }
  return Object.fromEntries(entries);
}
