/** The local network: a permissioned chain of validators, each of which replays every block before it votes. */
export { type Block, BlockMalformed } from "./block.js";
export type { Certificate, DecidedBlock } from "./decided.js";
export { DEVELOPMENT_ACCOUNTS, developmentWallets, operatorWallet } from "./developmentAccounts.js";
export { accredit } from "./genesis/accredit.js";
export { type Genesis, GenesisInvalid } from "./genesis/genesis.js";
export { NoAnswer } from "./http/fetchJson.js";
export { PortTaken } from "./http/loopbackServer.js";
export { ValidatorNotStarted } from "./network/childProcess.js";
export {
  type InProcessNetwork,
  type InProcessOptions,
  type RunOptions,
  runInProcessNetwork,
  startInProcessNetwork,
} from "./network/inProcess.js";
export { type JoinedValidator, type JoinOptions, joinNetwork, NoNetwork } from "./network/join.js";
export { ValidatorsMismatch } from "./network/networkFolder.js";
export type { NetworkValidator } from "./network/networkValidator.js";
export { NothingDecided } from "./network/slotDriver.js";
export { type NetworkOptions, type RunningNetwork, startNetwork } from "./network/start.js";
export { KeyInUse } from "./network/validatorService.js";
export { rpcProvider } from "./rpc/provider.js";
export { BlockStoreInUse } from "./store/fileBlockStore.js";
