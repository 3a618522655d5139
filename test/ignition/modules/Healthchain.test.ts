import { expect } from "chai";
import { healthchainModule } from "../../../ignition/modules/Healthchain.js";
import { defaultParameters } from "../../../ignition/parameters.js";

const deployer = `0x${"11".repeat(20)}`;
const administrator = `0x${"22".repeat(20)}`;

const contracts = [
  "Consortium",
  "AccountCenter",
  "MedicalCoin",
  "RecordRegistry",
  "ConsentRegistry",
  "ValidatorRegistry",
  "BlockCertifier",
  "Quoter",
  "DatasetRegistry",
  "DataMarket",
  "MarketClearing",
];
const rights = [
  "allowAccountCenter1",
  "allowAccountCenter2",
  "allowRecordRegistry2",
  "allowConsentRegistry2",
  "allowMedicalCoin2",
  "allowValidatorRegistry2",
  "allowValidatorRegistry3",
  "allowBlockCertifier2",
  "allowDatasetRegistry2",
  "allowDatasetRegistry5",
  "allowDataMarket2",
  "allowDataMarket4",
  "allowDataMarket5",
  "allowDataMarket6",
  "allowMarketClearing2",
  "allowMarketClearing5",
  "labelRegistrar",
  "labelOperator",
  "labelCertifier",
  "labelArbiter",
  "labelPauser",
  "labelClearing",
  "certifier",
  "clearing",
  "registrar0",
  "registrar1",
  "arbiter0",
  "pauser0",
  "operator0",
];

function stepsFor(administrator: string): string[] {
  const chosen = { registrars: [deployer, administrator], voteSalt: `0x${"33".repeat(32)}` };
  const parameters = { ...defaultParameters(administrator), ...chosen };
  return [...healthchainModule(parameters, deployer).futures].map(({ id }) => id);
}

const inModule = (names: readonly string[]) => names.map((name) => `Healthchain#${name}`);

describe("healthchainModule", () => {
  it("names its steps as deployments that exist remember them", () => {
    expect(stepsFor(deployer)).to.have.members(inModule([...contracts, ...rights]));
  });

  it("hands over in two more steps where the administrator is another than the deployer", () => {
    const handOver = ["administrator", "renounceAdministration"];
    expect(stepsFor(administrator)).to.have.members(inModule([...contracts, ...rights, ...handOver]));
  });
});
