import { emptyTask } from "hardhat/config";
import { verbAction } from "./action.js";
import { optional, signingVerb, verb } from "./verb.js";

const storeOption = optional("store", "File of the account center's encrypted store");
const identityOption = optional("identity", "Who it is outside the chain, as system|value");
const reasonOption = {
  name: "reason",
  description:
    "Why, by RFC 5280: KeyCompromise, CACompromise, AffiliationChanged, Superseded, CessationOfOperation, CertificateHold, PrivilegeWithdrawn",
  defaultValue: "Unspecified",
} as const;
const walletArgument = { name: "wallet", description: "Address of the wallet" } as const;

const certificates = [
  signingVerb(["accounts", "certify"], "Signs a certificate for a wallet, as a registrar, and writes it to a file")
    .addOption(optional("wallet", "Address of the wallet"))
    .addOption(optional("role", "Patient, Doctor, Institution, Researcher, Company, Auditor, Insurer or Bank"))
    .addOption(optional("institution", "Number of the institution that a professional works for; doctors need one"))
    .addOption({
      name: "expires",
      description: "Until when it must hold, such as 2027-11-24 or 365d; rounded up to a month",
      defaultValue: "365d",
    })
    .addFlag({ name: "exact", description: "Keep the very second of --expires" })
    .addOption(optional("commitment", "The wallet's identity commitment, 32 bytes in hex; instead of --identity"))
    .addOption(identityOption)
    .addOption(
      optional("store", "File of the encrypted store that has the wallet's identity; it keeps the certificate"),
    )
    .addOption(optional("out", "File to write, which must not exist; by default certificate-WALLET.json"))
    .setAction(verbAction(() => import("./accounts/certify.js")))
    .build(),
  signingVerb(["accounts", "enroll"], "Sends signed certificates to the chain")
    .addVariadicArgument({ name: "files", description: "Files that `accounts certify` wrote" })
    .setAction(verbAction(() => import("./accounts/enroll.js")))
    .build(),
  signingVerb(["accounts", "suspend"], "Suspends a wallet's certificate until it is reinstated, as a registrar")
    .addPositionalArgument(walletArgument)
    .addOption(reasonOption)
    .setAction(verbAction(() => import("./accounts/suspend.js")))
    .build(),
  signingVerb(["accounts", "reinstate"], "Makes a suspended certificate good again, as a registrar")
    .addPositionalArgument(walletArgument)
    .setAction(verbAction(() => import("./accounts/reinstate.js")))
    .build(),
  signingVerb(["accounts", "revoke"], "Revokes a wallet's certificate for good, as a registrar")
    .addPositionalArgument(walletArgument)
    .addOption(reasonOption)
    .setAction(verbAction(() => import("./accounts/revoke.js")))
    .build(),
  signingVerb(["accounts", "void"], "Makes a certificate unusable that was signed but not enrolled, as a registrar")
    .addPositionalArgument({ name: "certificate", description: "Its file, or its serial number" })
    .setAction(verbAction(() => import("./accounts/void.js")))
    .build(),
];

const standing = [
  signingVerb(["accounts", "publish"], "Publishes where the sender's institution is found")
    .addOption(optional("url", "Base address of its medical database, 1 to 256 bytes"))
    .addOption({ name: "encryptionKey", description: "Its public key for encryption, in hex", defaultValue: "0x" })
    .setAction(verbAction(() => import("./accounts/publish.js")))
    .build(),
  verb(["accounts", "show"], "Shows what the chain knows of a wallet, an institution or a professional")
    .addPositionalArgument({ name: "account", description: "An address, institution:NUMBER or professional:NUMBER" })
    .setAction(verbAction(() => import("./accounts/show.js")))
    .build(),
  verb(["accounts", "institutions"], "Lists the institutions and where they are found")
    .setAction(verbAction(() => import("./accounts/institutions.js")))
    .build(),
];

const offChain = [
  verb(
    ["accounts", "new-wallet"],
    "Makes a patient's wallet: the phrase for the patient, the xpub for the account center",
  )
    .addOption(optional("out", "New file for the phrase, readable by its owner only; by default it is printed"))
    .setAction(verbAction(() => import("./accounts/newWallet.js")))
    .build(),
  verb(["accounts", "register"], "Registers a patient, a professional or an institution in the encrypted store")
    .addOption(storeOption)
    .addOption(identityOption)
    .addOption(optional("xpub", "A patient's extended public key, as `accounts new-wallet` prints it"))
    .addOption(optional("role", "A professional's or an institution's role; needs --wallet"))
    .addOption(optional("wallet", "A professional's or an institution's wallet"))
    .setAction(verbAction(() => import("./accounts/register.js")))
    .build(),
  verb(["accounts", "allot"], "Allots a registered patient the next fresh wallet")
    .addOption(storeOption)
    .addOption(identityOption)
    .setAction(verbAction(() => import("./accounts/allot.js")))
    .build(),
  verb(["accounts", "list"], "Lists who is registered in the encrypted store, with their wallets")
    .addOption(storeOption)
    .setAction(verbAction(() => import("./accounts/list.js")))
    .build(),
];

export const accountsTasks = [
  emptyTask("accounts", "Wallets, certificates, and the account center").build(),
  ...certificates,
  ...standing,
  ...offChain,
];
