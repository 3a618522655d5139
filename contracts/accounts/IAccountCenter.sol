// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, Role} from "./Account.sol";

/**
 * @title IAccountCenter
 * @notice The account center of the paper's section III-B 1: who is certified, in which role, by which institution, until when; and where
 * an institution is. The identities behind the wallets stay with the account center, off chain.
 *
 * A *certificate* is an EIP-712 struct that a registrar signs; anyone may send it. A patient has many wallets, each with a certificate of
 * its own and nothing on chain that links two of them. Institutions and professionals get a stable number when they first enroll.
 */
interface IAccountCenter {
    /// @notice What a registrar signs.
    /// @param wallet The certified wallet.
    /// @param role Its role; not `None`.
    /// @param institution The institution a professional works for, by number; 0 for patients and institutions. Doctors need one.
    /// @param identityCommitment Salted commitment to the identity; the opening stays in the account center's store.
    /// @param expiresAt End of validity in seconds, exclusive; by default rounded to a month, so that it links nobody.
    /// @param serial Random number of the certificate; each enrolls once.
    struct Certificate {
        address wallet;
        Role role;
        uint16 institution;
        bytes32 identityCommitment;
        uint64 expiresAt;
        uint256 serial;
    }

    /// @notice Where an institution is found.
    /// @param wallet Its certified wallet.
    /// @param fhirUrl Base address of its medical database.
    /// @param encryptionKey Its public key for hybrid encryption (HPKE), as the scheme encodes it.
    struct Institution {
        address wallet;
        string fhirUrl;
        bytes encryptionKey;
    }

    /// @notice Why a certificate is suspended or revoked: the reasons of RFC 5280, section 5.3.1.
    enum Reason {
        Unspecified,
        KeyCompromise,
        CACompromise,
        AffiliationChanged,
        Superseded,
        CessationOfOperation,
        CertificateHold,
        PrivilegeWithdrawn
    }

    /// @notice `wallet` was certified, or its certificate renewed, by `registrar`.
    event AccountEnrolled(
        address indexed wallet,
        Role indexed role,
        uint16 indexed institution,
        uint24 number,
        uint40 expiresAt,
        address registrar
    );

    /// @notice The certificate of `wallet` is suspended until it is reinstated.
    event CertificateSuspended(address indexed wallet, Reason reason);

    /// @notice The certificate of `wallet` is good again.
    event CertificateReinstated(address indexed wallet);

    /// @notice The certificate of `wallet` is revoked for good.
    event CertificateRevoked(address indexed wallet, Reason reason);

    /// @notice The certificate with this serial can no longer enroll.
    event CertificateVoided(uint256 indexed serial);

    /// @notice Institution `number` published where it is found.
    event InstitutionPublished(uint16 indexed number, string fhirUrl, bytes encryptionKey);

    /// @notice The certificate enrolled before, or was voided. Remedy: ask the registrar for a new one.
    error CertificateSpent(uint256 serial);

    /// @notice The certificate's end is not in the future, or above 2^40 - 1.
    error CertificateExpiryInvalid(uint256 expiresAt);

    /// @notice Wallet, role and institution do not fit together: no wallet, no role, a patient or institution with an institution, a
    /// doctor without one.
    error CertificateInvalid(address wallet, Role role, uint16 institution);

    /// @notice `registrar` did not sign this certificate on this chain.
    error CertificateSignatureInvalid(address registrar);

    /// @notice The signer may not certify. Remedy: the consortium grants it the right to call `enroll`, without delay.
    error RegistrarUnauthorized(address registrar);

    /// @notice No institution has this number.
    error InstitutionUnknown(uint16 institution);

    /// @notice A renewal keeps the role. Remedy: enroll a new wallet for the other role.
    error AccountRoleFixed(address wallet, Role role);

    /// @notice The status change does not apply: suspend needs an active certificate, reinstate a suspended one, revoke one that is not
    /// revoked.
    error AccountStatusUnchanged(address wallet);

    /// @notice The address is empty or longer than 256 bytes, or the key longer than 2,048 bytes.
    error InstitutionEntryInvalid(uint256 urlLength, uint256 keyLength);

    /// @notice One call answers for at most 256 wallets. Remedy: ask in parts.
    error WalletsTooMany(uint256 wallets);

    /// @notice Certifies a wallet, or renews its certificate. Anyone may send it; the certificate speaks for itself. Whatever enrolls last
    /// counts: a registrar who issues another certificate voids an earlier one that was not sent. A professional's institution is active;
    /// when it is suspended or revoked later, its professionals keep their certificates until the registrar ends those too.
    /// @param certificate What the registrar signed.
    /// @param registrar Who signed: an account or ERC-1271 contract that the consortium lets call `enroll`.
    /// @param signature Its EIP-712 signature.
    /// @return number The stable number of an institution or professional, 0 for a patient.
    function enroll(
        Certificate calldata certificate,
        address registrar,
        bytes calldata signature
    ) external returns (uint24 number);

    /// @notice Suspends an active certificate. Callable by registrars.
    /// @param wallet Whose certificate.
    /// @param reason Why.
    function suspend(address wallet, Reason reason) external;

    /// @notice Makes a suspended certificate good again. Callable by registrars.
    /// @param wallet Whose certificate.
    function reinstate(address wallet) external;

    /// @notice Revokes a certificate for good. Callable by registrars.
    /// @param wallet Whose certificate.
    /// @param reason Why.
    function revoke(address wallet, Reason reason) external;

    /// @notice Makes a certificate that was signed but not sent unusable. Callable by registrars.
    /// @param serial The certificate's number.
    function voidCertificate(uint256 serial) external;

    /// @notice Publishes where the caller's institution is found. Callable by an active institution.
    /// @param fhirUrl 1 to 256 bytes.
    /// @param encryptionKey 0 to 2,048 bytes.
    function publishInstitution(string calldata fhirUrl, bytes calldata encryptionKey) external;

    /// @notice The packed account of `wallet`; zero if it was never certified. The one read that answers who a user is.
    /// @param wallet The wallet.
    function accounts(address wallet) external view returns (Account);

    /// @notice Whether `wallet` has an active, unexpired certificate.
    /// @param wallet The wallet.
    function isActive(address wallet) external view returns (bool);

    /// @notice The salted commitment to the identity behind `wallet`.
    /// @param wallet The wallet.
    function commitmentOf(address wallet) external view returns (bytes32);

    /// @notice Whether the certificate with this serial enrolled or was voided.
    /// @param serial The certificate's number.
    function isCertificateSpent(uint256 serial) external view returns (bool);

    /// @notice The entry of institution `number`; empty if there is none.
    /// @param number 1 to {institutionCount}.
    function institutionOf(uint16 number) external view returns (Institution memory);

    /// @notice The wallet of institution `number`; zero if there is none. Cheaper than {institutionOf}.
    /// @param number 1 to {institutionCount}.
    function institutionWallet(uint16 number) external view returns (address);

    /// @notice The wallet of the professional `number`; zero if there is none.
    /// @param number 1 to {professionalCount}.
    function professionalWallet(uint24 number) external view returns (address);

    /// @notice How many institutions have enrolled; their numbers are 1 to this.
    function institutionCount() external view returns (uint16);

    /// @notice How many professionals have enrolled; their numbers are 1 to this.
    function professionalCount() external view returns (uint24);

    /// @notice Which wallets are certified in a role, and neither suspended, revoked nor expired. Cheaper than a call for each.
    /// @param wallets At most 256.
    /// @param role The role.
    /// @return active Bit i is set for `wallets[i]`.
    function areActiveIn(address[] calldata wallets, Role role) external view returns (uint256 active);
}
