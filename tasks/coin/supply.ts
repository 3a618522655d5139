import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { openDeployment } from "../deployment.js";
import { coins } from "./amount.js";

export default async function supply(_: object, hre: HardhatRuntimeEnvironment) {
  const { contracts } = await openDeployment(hre);
  const { medicalCoin } = contracts;
  const [total, allotted, cap] = await Promise.all([
    medicalCoin.totalSupply(),
    medicalCoin.emissionAllotted(),
    medicalCoin.emissionCap(),
  ]);
  return {
    supply: coins(total),
    allotted: coins(allotted),
    cap: coins(cap),
    supplyWei: total,
    allottedWei: allotted,
    capWei: cap,
    coin: await medicalCoin.getAddress(),
  };
}
