import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from "@nomicfoundation/ignition-core";
import { buildModule } from "@nomicfoundation/ignition-core";
import type { Interface } from "ethers";
import {
  AccountCenter__factory,
  ConsentRegistry__factory,
  Consortium__factory,
  MedicalCoin__factory,
  RecordRegistry__factory,
} from "../../types/ethers-contracts/index.js";
import { artifactOf } from "../artifact.js";
import { ConsortiumRole, type DeploymentParameters } from "../parameters.js";

type Deployed = NamedArtifactContractDeploymentFuture<string>;

/** The whole system, with its rights, as one Ignition module. */
export function healthchainModule(parameters: DeploymentParameters, deployer: string) {
  return buildModule("Healthchain", (m) => {
    const consortium = m.contract("Consortium", artifactOf("Consortium", Consortium__factory), [deployer]);
    const accountCenter = m.contract("AccountCenter", artifactOf("AccountCenter", AccountCenter__factory), [
      consortium,
    ]);
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

    const allow = allower(m, consortium as unknown as Deployed);
    const registrar = ["enroll", "suspend", "reinstate", "revoke", "voidCertificate"];
    const steps = [
      allow(accountCenter, AccountCenter__factory.createInterface(), registrar, ConsortiumRole.Registrar),
      allow(accountCenter, AccountCenter__factory.createInterface(), ["setSuccessor"], ConsortiumRole.Operator),
      allow(recordRegistry, RecordRegistry__factory.createInterface(), ["setSuccessor"], ConsortiumRole.Operator),
      allow(
        consentRegistry,
        ConsentRegistry__factory.createInterface(),
        ["setSuccessor", "setBreakGlassRule"],
        ConsortiumRole.Operator,
      ),
      allow(
        medicalCoin,
        MedicalCoin__factory.createInterface(),
        ["setSuccessor", "allotEmission", "endEmission"],
        ConsortiumRole.Operator,
      ),
      m.call(consortium, "labelRole", [ConsortiumRole.Registrar, "Registrar"], { id: "labelRegistrar" }),
      m.call(consortium, "labelRole", [ConsortiumRole.Operator, "Operator"], { id: "labelOperator" }),
      ...parameters.registrars.map((account, i) =>
        m.call(consortium, "grantRole", [ConsortiumRole.Registrar, account, 0], { id: `registrar${i}` }),
      ),
      ...parameters.operators.map((account, i) =>
        m.call(consortium, "grantRole", [ConsortiumRole.Operator, account, parameters.operatorDelay], {
          id: `operator${i}`,
        }),
      ),
    ];
    if (parameters.administrator.toLowerCase() !== deployer.toLowerCase()) {
      const handOver = m.call(consortium, "grantRole", [0n, parameters.administrator, 0], {
        id: "administrator",
        after: steps,
      });
      m.call(consortium, "renounceRole", [0n, deployer], { id: "renounceAdministration", after: [handOver] });
    }
    return { consortium, accountCenter, medicalCoin, recordRegistry, consentRegistry };
  });
}

/** Says who may call a contract's functions. */
function allower(m: IgnitionModuleBuilder, consortium: Deployed) {
  return (target: { readonly contractName: string }, abi: Interface, functions: string[], role: bigint) => {
    const selectors = functions.map((name) => abi.getFunction(name)?.selector ?? name);
    return m.call(consortium, "setTargetFunctionRole", [target as Deployed, selectors, role], {
      id: `allow${target.contractName}${role}`,
    });
  };
}
