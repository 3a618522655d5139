import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";
import { buildModule } from "@nomicfoundation/ignition-core";
import type { Interface } from "ethers";
import {
  AccountCenter__factory,
  BlockCertifier__factory,
  ConsentRegistry__factory,
  Consortium__factory,
  DataMarket__factory,
  DatasetRegistry__factory,
  MarketClearing__factory,
  MedicalCoin__factory,
  Quoter__factory,
  RecordRegistry__factory,
  ValidatorRegistry__factory,
} from "../../types/ethers-contracts/index.js";
import { artifactOf } from "../artifact.js";
import { ConsortiumRole, type DeploymentParameters } from "../parameters.js";

type Deployed = NamedArtifactContractDeploymentFuture<string>;
type Foundations = ReturnType<typeof foundationsOf>;
type Contracts = ReturnType<typeof contractsOf>;
type Step = ReturnType<IgnitionModuleBuilder["call"]>;

/** The whole system, with its rights, as one Ignition module. */
export function healthchainModule(parameters: Required<DeploymentParameters>, deployer: string) {
  return buildModule("Healthchain", (m) => {
    const contracts = contractsOf(m, parameters, deployer);
    const rights = [...allowCalls(m, contracts), ...giveRoles(m, contracts, parameters)];
    handOver(m, contracts, parameters, deployer, rights);
    return contracts;
  });
}

function contractsOf(m: IgnitionModuleBuilder, parameters: Required<DeploymentParameters>, deployer: string) {
  const foundations = foundationsOf(m, parameters, deployer);
  return { ...foundations, ...consensusOf(m, parameters, foundations), ...marketOf(m, parameters, foundations) };
}

function foundationsOf(m: IgnitionModuleBuilder, parameters: Required<DeploymentParameters>, deployer: string) {
  const consortium = m.contract("Consortium", artifactOf("Consortium", Consortium__factory), [deployer]);
  const accountCenter = m.contract("AccountCenter", artifactOf("AccountCenter", AccountCenter__factory), [consortium]);
  const medicalCoin = m.contract("MedicalCoin", artifactOf("MedicalCoin", MedicalCoin__factory), [
    consortium,
    parameters.emissionCap,
  ]);
  const recordRegistry = m.contract("RecordRegistry", artifactOf("RecordRegistry", RecordRegistry__factory), [
    consortium,
    accountCenter,
  ]);
  const consentRegistry = m.contract("ConsentRegistry", artifactOf("ConsentRegistry", ConsentRegistry__factory), [
    consortium,
    accountCenter,
    recordRegistry,
    parameters.breakGlass.dailyLimit,
    parameters.breakGlass.duration,
  ]);
  return { consortium, accountCenter, medicalCoin, recordRegistry, consentRegistry };
}

function consensusOf(
  m: IgnitionModuleBuilder,
  { slots, validatorRules, blockRewards, followsSchedule, voteSalt }: Required<DeploymentParameters>,
  { consortium, accountCenter, medicalCoin }: Foundations,
) {
  const validatorRegistry = m.contract(
    "ValidatorRegistry",
    artifactOf("ValidatorRegistry", ValidatorRegistry__factory),
    [consortium, accountCenter, medicalCoin, slots.genesis, slots.slotTime, { ...validatorRules }],
  );
  const blockCertifier = m.contract("BlockCertifier", artifactOf("BlockCertifier", BlockCertifier__factory), [
    consortium,
    validatorRegistry,
    followsSchedule,
    voteSalt,
    { ...blockRewards },
  ]);
  return { validatorRegistry, blockCertifier };
}

function marketOf(m: IgnitionModuleBuilder, parameters: DeploymentParameters, foundations: Foundations) {
  const { consortium, accountCenter, medicalCoin, recordRegistry, consentRegistry } = foundations;
  const { marketRules, sharingReward } = parameters;
  const quoter = m.contract("Quoter", artifactOf("Quoter", Quoter__factory));
  const datasetRegistry = m.contract("DatasetRegistry", artifactOf("DatasetRegistry", DatasetRegistry__factory), [
    consortium,
    consentRegistry,
    recordRegistry,
    accountCenter,
    medicalCoin,
    { ...sharingReward },
  ]);
  const dataMarket = m.contract("DataMarket", artifactOf("DataMarket", DataMarket__factory), [
    consortium,
    datasetRegistry,
    quoter,
    consentRegistry,
    recordRegistry,
    accountCenter,
    medicalCoin,
    { ...marketRules },
  ]);
  const marketClearing = m.contract("MarketClearing", artifactOf("MarketClearing", MarketClearing__factory), [
    consortium,
    dataMarket,
  ]);
  return { datasetRegistry, quoter, dataMarket, marketClearing };
}

/** Which role may call which functions. */
function allowCalls(m: IgnitionModuleBuilder, contracts: Contracts): Step[] {
  const { consortium, accountCenter, medicalCoin, recordRegistry, consentRegistry } = contracts;
  const { validatorRegistry, blockCertifier, datasetRegistry, dataMarket, marketClearing } = contracts;
  const { Registrar, Operator, Certifier, Arbiter, Pauser, Clearing } = ConsortiumRole;
  const accountCenterAbi = AccountCenter__factory.createInterface();
  const recordRegistryAbi = RecordRegistry__factory.createInterface();
  const consentRegistryAbi = ConsentRegistry__factory.createInterface();
  const medicalCoinAbi = MedicalCoin__factory.createInterface();
  const validatorRegistryAbi = ValidatorRegistry__factory.createInterface();
  const blockCertifierAbi = BlockCertifier__factory.createInterface();
  const datasetRegistryAbi = DatasetRegistry__factory.createInterface();
  const dataMarketAbi = DataMarket__factory.createInterface();
  const marketClearingAbi = MarketClearing__factory.createInterface();
  const certifying = ["enroll", "suspend", "reinstate", "revoke", "voidCertificate"];
  const allow = allower(m, consortium as unknown as Deployed);
  return [
    allow(accountCenter, accountCenterAbi, certifying, Registrar),
    allow(accountCenter, accountCenterAbi, ["setSuccessor"], Operator),
    allow(recordRegistry, recordRegistryAbi, ["setSuccessor"], Operator),
    allow(consentRegistry, consentRegistryAbi, ["setSuccessor", "setBreakGlassRule"], Operator),
    allow(medicalCoin, medicalCoinAbi, ["setSuccessor", "allotEmission", "endEmission"], Operator),
    allow(validatorRegistry, validatorRegistryAbi, ["setSuccessor", "setRules"], Operator),
    allow(validatorRegistry, validatorRegistryAbi, ["reward", "jail", "slash"], Certifier),
    allow(blockCertifier, blockCertifierAbi, ["setSuccessor", "setRewards"], Operator),
    allow(datasetRegistry, datasetRegistryAbi, ["setSuccessor", "setSharingReward"], Operator),
    allow(datasetRegistry, datasetRegistryAbi, ["pause", "unpause"], Pauser),
    allow(dataMarket, dataMarketAbi, ["setSuccessor", "setRules", "publishNumbers"], Operator),
    allow(dataMarket, dataMarketAbi, ["pause", "unpause"], Pauser),
    allow(dataMarket, dataMarketAbi, ["rule"], Arbiter),
    allow(dataMarket, dataMarketAbi, ["orderFor"], Clearing),
    allow(marketClearing, marketClearingAbi, ["setSuccessor", "openRound"], Operator),
    allow(marketClearing, marketClearingAbi, ["pause", "unpause"], Pauser),
  ];
}

function allower(m: IgnitionModuleBuilder, consortium: Deployed) {
  return (target: { readonly contractName: string }, abi: Interface, functions: string[], role: bigint): Step => {
    const selectors = functions.map((name) => abi.getFunction(name)?.selector ?? name);
    return m.call(consortium, "setTargetFunctionRole", [target as Deployed, selectors, role], {
      id: `allow${target.contractName}${role}`,
    });
  };
}

/** Names the roles, and gives them to whom the parameters say. */
function giveRoles(m: IgnitionModuleBuilder, contracts: Contracts, parameters: DeploymentParameters): Step[] {
  const { consortium, blockCertifier, marketClearing } = contracts;
  const { registrars, operators, arbiters, pausers, operatorDelay } = parameters;
  const { Registrar, Operator, Certifier, Arbiter, Pauser, Clearing } = ConsortiumRole;
  return [
    m.call(consortium, "labelRole", [Registrar, "Registrar"], { id: "labelRegistrar" }),
    m.call(consortium, "labelRole", [Operator, "Operator"], { id: "labelOperator" }),
    m.call(consortium, "labelRole", [Certifier, "Certifier"], { id: "labelCertifier" }),
    m.call(consortium, "labelRole", [Arbiter, "Arbiter"], { id: "labelArbiter" }),
    m.call(consortium, "labelRole", [Pauser, "Pauser"], { id: "labelPauser" }),
    m.call(consortium, "labelRole", [Clearing, "Clearing"], { id: "labelClearing" }),
    m.call(consortium, "grantRole", [Certifier, blockCertifier, 0], { id: "certifier" }),
    m.call(consortium, "grantRole", [Clearing, marketClearing, 0], { id: "clearing" }),
    ...registrars.map((account, i) =>
      m.call(consortium, "grantRole", [Registrar, account, 0], { id: `registrar${i}` }),
    ),
    ...arbiters.map((account, i) => m.call(consortium, "grantRole", [Arbiter, account, 0], { id: `arbiter${i}` })),
    ...pausers.map((account, i) => m.call(consortium, "grantRole", [Pauser, account, 0], { id: `pauser${i}` })),
    ...operators.map((account, i) =>
      m.call(consortium, "grantRole", [Operator, account, operatorDelay], { id: `operator${i}` }),
    ),
  ];
}

/** Makes the administrator one, and the deployer none any more, once all `rights` are given. */
function handOver(
  m: IgnitionModuleBuilder,
  { consortium }: Contracts,
  { administrator }: DeploymentParameters,
  deployer: string,
  rights: Step[],
): void {
  if (administrator.toLowerCase() === deployer.toLowerCase()) return;
  const handed = m.call(consortium, "grantRole", [0n, administrator, 0], { id: "administrator", after: rights });
  m.call(consortium, "renounceRole", [0n, deployer], { id: "renounceAdministration", after: [handed] });
}
