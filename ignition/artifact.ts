import type { Artifact } from "@nomicfoundation/ignition-core";
import type { InterfaceAbi } from "ethers";

/** What a TypeChain factory class carries. */
interface ContractFactoryClass {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

/** An Ignition artifact made from a generated factory, so that a deployment needs no artifact folder of the project that runs it. */
export function artifactOf(contractName: string, factory: ContractFactoryClass): Artifact {
  return {
    _format: "hh3-artifact-1",
    contractName,
    sourceName: `healthchain/${contractName}.sol`,
    abi: [...(factory.abi as readonly object[])],
    bytecode: factory.bytecode,
    deployedBytecode: "0x",
    linkReferences: {},
    deployedLinkReferences: {},
  };
}
