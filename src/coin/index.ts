/** The medical coin: emission and permits. */
export { allotEmission, endEmission } from "./emission.js";
export {
  coinDomain,
  type PermitMessage,
  permitStatement,
  type SignedPermit,
  signPermit,
  submitPermit,
  verifyPermit,
} from "./permit.js";
