/** The medical coin: permits. */
export {
  coinDomain,
  type PermitMessage,
  permitStatement,
  type SignedPermit,
  signPermit,
  submitPermit,
  verifyPermit,
} from "./permit.js";
