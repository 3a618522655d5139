// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Governed} from "../Governed.sol";
import {Account, AccountLib, Role, Status} from "./Account.sol";
import {IAccountCenter} from "./IAccountCenter.sol";

/**
 * @title AccountCenter
 * @notice The account center: certificates, numbers and discovery. {IAccountCenter} says what each function promises.
 */
contract AccountCenter is IAccountCenter, EIP712, Governed {
    bytes32 private constant CERTIFICATE_TYPEHASH = keccak256(
        "Certificate(address wallet,uint8 role,uint16 institution,bytes32 identityCommitment,uint64 expiresAt,uint256 serial)"
    );

    uint256 private constant MAX_URL_LENGTH = 256;
    uint256 private constant MAX_KEY_LENGTH = 2048;

    // The two counts share a slot with {Governed-successor}:
    // bits 0-159 successor | 160-175 institutionCount | 176-199 professionalCount

    /// @inheritdoc IAccountCenter
    uint16 public institutionCount;

    /// @inheritdoc IAccountCenter
    uint24 public professionalCount;

    /// @inheritdoc IAccountCenter
    mapping(address wallet => Account) public accounts;

    /// @inheritdoc IAccountCenter
    mapping(address wallet => bytes32) public commitmentOf;

    /// @inheritdoc IAccountCenter
    mapping(uint256 serial => bool) public isCertificateSpent;

    /// @inheritdoc IAccountCenter
    mapping(uint24 number => address) public professionalWallet;

    mapping(uint16 number => Institution) private _institutions;

    /// @param consortium The access manager; it says who is a registrar.
    constructor(address consortium) EIP712("Healthchain AccountCenter", "1") Governed(consortium) {}

    /// @inheritdoc IAccountCenter
    function enroll(
        Certificate calldata certificate,
        address registrar,
        bytes calldata signature
    ) external returns (uint24 number) {
        _checkCertificate(certificate);
        _checkRegistrar(certificate, registrar, signature);
        isCertificateSpent[certificate.serial] = true;

        address wallet = certificate.wallet;
        Account current = accounts[wallet];
        if (current.status() == Status.None) {
            number = _number(certificate.role, wallet);
        } else {
            _checkRenewal(current, certificate);
            number = current.number();
        }

        // An institution's number comes from a uint16, an expiry is checked to fit.
        uint16 institution = certificate.role == Role.Institution ? uint16(number) : certificate.institution;
        uint40 expiresAt = uint40(certificate.expiresAt);
        accounts[wallet] = AccountLib.pack(certificate.role, Status.Active, institution, number, expiresAt);
        commitmentOf[wallet] = certificate.identityCommitment;
        emit AccountEnrolled(wallet, certificate.role, institution, number, expiresAt, registrar);
    }

    /// @inheritdoc IAccountCenter
    function suspend(address wallet, Reason reason) external restricted {
        _changeStatus(wallet, Status.Active, Status.Suspended);
        emit CertificateSuspended(wallet, reason);
    }

    /// @inheritdoc IAccountCenter
    function reinstate(address wallet) external restricted {
        _changeStatus(wallet, Status.Suspended, Status.Active);
        emit CertificateReinstated(wallet);
    }

    /// @inheritdoc IAccountCenter
    function revoke(address wallet, Reason reason) external restricted {
        _changeStatus(wallet, accounts[wallet].status(), Status.Revoked);
        emit CertificateRevoked(wallet, reason);
    }

    /// @inheritdoc IAccountCenter
    function voidCertificate(uint256 serial) external restricted {
        if (isCertificateSpent[serial]) revert CertificateSpent(serial);
        isCertificateSpent[serial] = true;
        emit CertificateVoided(serial);
    }

    /// @inheritdoc IAccountCenter
    function publishInstitution(string calldata fhirUrl, bytes calldata encryptionKey) external {
        Account account = accounts[msg.sender];
        account.requireActive(msg.sender, Role.Institution);
        uint256 urlLength = bytes(fhirUrl).length;
        uint256 keyLength = encryptionKey.length;
        if (urlLength == 0 || urlLength > MAX_URL_LENGTH || keyLength > MAX_KEY_LENGTH) {
            revert InstitutionEntryInvalid(urlLength, keyLength);
        }

        Institution storage entry = _institutions[account.institution()];
        entry.fhirUrl = fhirUrl;
        entry.encryptionKey = encryptionKey;
        emit InstitutionPublished(account.institution(), fhirUrl, encryptionKey);
    }

    /// @inheritdoc IAccountCenter
    function isActive(address wallet) external view returns (bool) {
        return accounts[wallet].isActive();
    }

    /// @inheritdoc IAccountCenter
    function areActiveIn(address[] calldata wallets, Role role) external view returns (uint256 active) {
        if (wallets.length > 256) revert WalletsTooMany(wallets.length);
        for (uint256 i; i < wallets.length; ++i) {
            if (accounts[wallets[i]].isActiveIn(role)) active |= 1 << i;
        }
    }

    /// @inheritdoc IAccountCenter
    function institutionWallet(uint16 number) external view returns (address) {
        return _institutions[number].wallet;
    }

    /// @inheritdoc IAccountCenter
    function institutionOf(uint16 number) external view returns (Institution memory) {
        return _institutions[number];
    }

    function _checkCertificate(Certificate calldata certificate) private view {
        if (isCertificateSpent[certificate.serial]) revert CertificateSpent(certificate.serial);
        if (certificate.expiresAt <= block.timestamp || certificate.expiresAt > type(uint40).max) {
            revert CertificateExpiryInvalid(certificate.expiresAt);
        }

        Role role = certificate.role;
        uint16 institution = certificate.institution;
        bool standsAlone = role == Role.Patient || role == Role.Institution;
        if (
            certificate.wallet == address(0) ||
            role == Role.None ||
            (standsAlone && institution != 0) ||
            (role == Role.Doctor && institution == 0)
        ) revert CertificateInvalid(certificate.wallet, role, institution);
        if (institution == 0) return;
        address employer = _institutions[institution].wallet;
        if (employer == address(0)) revert InstitutionUnknown(institution);
        accounts[employer].requireActive(employer, Role.Institution);
    }

    function _checkRegistrar(
        Certificate calldata certificate,
        address registrar,
        bytes calldata signature
    ) private view {
        (bool allowed, ) = IAccessManager(authority()).canCall(registrar, address(this), this.enroll.selector);
        if (!allowed) revert RegistrarUnauthorized(registrar);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    CERTIFICATE_TYPEHASH,
                    certificate.wallet,
                    certificate.role,
                    certificate.institution,
                    certificate.identityCommitment,
                    certificate.expiresAt,
                    certificate.serial
                )
            )
        );
        if (!SignatureChecker.isValidSignatureNowCalldata(registrar, digest, signature)) {
            revert CertificateSignatureInvalid(registrar);
        }
    }

    /// @dev A renewal neither lifts a suspension nor a revocation.
    function _checkRenewal(Account current, Certificate calldata certificate) private pure {
        if (current.status() == Status.Revoked) revert AccountLib.AccountRevoked(certificate.wallet);
        if (current.status() == Status.Suspended) revert AccountLib.AccountSuspended(certificate.wallet);
        if (current.role() != certificate.role) revert AccountRoleFixed(certificate.wallet, current.role());
    }

    function _number(Role role, address wallet) private returns (uint24 number) {
        if (role == Role.Patient) return 0;
        if (role == Role.Institution) {
            uint16 next = ++institutionCount;
            _institutions[next].wallet = wallet;
            return next;
        }
        number = ++professionalCount;
        professionalWallet[number] = wallet;
    }

    function _changeStatus(address wallet, Status from, Status to) private {
        Account account = accounts[wallet];
        Status status = account.status();
        if (status != from || status == Status.None || status == to) revert AccountStatusUnchanged(wallet);
        accounts[wallet] = account.withStatus(to);
    }
}
