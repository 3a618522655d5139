// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {NoncesKeyed} from "@openzeppelin/contracts/utils/NoncesKeyed.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Recipient, Scope, Terms} from "./Grant.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {Standing} from "./Standing.sol";

/**
 * @title ConsentSignatures
 * @notice The patients' standing in the consent registry, and what their signatures mean. A signature is good while the wallet's consent
 * counter is the one it was made under. What gives access is good once, in the order of its nonces: the counter is the key of an
 * OpenZeppelin keyed nonce. What takes access away raises the counter and so is good once by itself; it waits for no other signature, so
 * that nobody can hold it up by sending an earlier one first. For the same reason {revokeAllBySig} has nonces of its own.
 */
abstract contract ConsentSignatures is IConsentRegistry, EIP712, NoncesKeyed {
    string private constant PARTS = "Recipient(uint8 kind,uint160 value)Scope(uint8 kind,bytes32 value)";
    string private constant TERMS = "Terms(uint32 purposes,uint32 dataClasses,uint40 from,uint40 until)";

    bytes32 private constant SCOPE_TYPEHASH = keccak256("Scope(uint8 kind,bytes32 value)");
    bytes32 private constant RECIPIENT_TYPEHASH = keccak256("Recipient(uint8 kind,uint160 value)");
    bytes32 private constant TERMS_TYPEHASH = keccak256(bytes(TERMS));
    bytes32 private constant GRANT_TYPEHASH = keccak256(
        abi.encodePacked(
            "Grant(address patient,Scope scope,Recipient recipient,Terms terms,uint256 nonce,uint256 deadline)",
            PARTS,
            TERMS
        )
    );
    bytes32 private constant NARROWING_TYPEHASH = keccak256(
        abi.encodePacked(
            "Narrowing(address patient,Scope scope,Recipient recipient,uint32 purposes,uint32 dataClasses,",
            "uint40 until,uint256 nonce,uint256 deadline)",
            PARTS
        )
    );
    bytes32 private constant REVOCATION_TYPEHASH = keccak256(
        abi.encodePacked(
            "Revocation(address patient,Scope scope,Recipient recipient,uint256 nonce,uint256 deadline)",
            PARTS
        )
    );
    bytes32 private constant REVOCATION_OF_ALL_TYPEHASH = keccak256(
        "RevocationOfAll(address patient,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant OPT_OUT_TYPEHASH = keccak256(
        "BreakGlassOptOut(address patient,bool optedOut,uint256 nonce,uint256 deadline)"
    );

    /// @dev The key of the nonces of {revokeAllBySig}; no counter reaches it.
    uint192 private constant REVOKE_ALL_LANE = type(uint192).max;

    /// @dev What the registry keeps of each wallet beside its grants.
    mapping(address patient => Standing) internal _standings;

    constructor() EIP712("Healthchain ConsentRegistry", "1") {}

    /// @inheritdoc IConsentRegistry
    function patientOf(
        address patient
    ) external view returns (uint32 counter, uint40 allRevokedAt, bool breakGlassOptOut) {
        Standing standing = _standings[patient];
        return (standing.counter(), standing.allRevokedAt(), standing.breakGlassOptOut());
    }

    /// @inheritdoc IConsentRegistry
    function consentNonce(address patient) external view returns (uint256) {
        return nonces(patient, _standings[patient].counter());
    }

    /// @inheritdoc IConsentRegistry
    function revocationNonce(address patient) external view returns (uint256) {
        return nonces(patient, REVOKE_ALL_LANE);
    }

    function _useGrantSignature(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        Terms calldata terms,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) internal {
        bytes32 termsHash = keccak256(
            abi.encode(TERMS_TYPEHASH, terms.purposes, terms.dataClasses, terms.from, terms.until)
        );
        bytes32 structHash = keccak256(
            abi.encode(GRANT_TYPEHASH, patient, _hash(scope), _hash(recipient), termsHash, nonce, deadline)
        );
        _checkCounter(patient, nonce);
        _checkSignature(patient, structHash, deadline, signature);
        _useCheckedNonce(patient, nonce);
    }

    function _checkNarrowingSignature(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        uint32 purposes,
        uint32 dataClasses,
        uint40 until,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) internal view {
        bytes memory what = abi.encode(NARROWING_TYPEHASH, patient, _hash(scope), _hash(recipient), purposes);
        bytes32 structHash = keccak256(bytes.concat(what, abi.encode(dataClasses, until, nonce, deadline)));
        _checkCounter(patient, nonce);
        _checkSignature(patient, structHash, deadline, signature);
    }

    function _checkRevocationSignature(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) internal view {
        bytes32 structHash = keccak256(
            abi.encode(REVOCATION_TYPEHASH, patient, _hash(scope), _hash(recipient), nonce, deadline)
        );
        _checkCounter(patient, nonce);
        _checkSignature(patient, structHash, deadline, signature);
    }

    function _useRevocationOfAllSignature(
        address patient,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) internal {
        if (nonce >> 64 != REVOKE_ALL_LANE) revert ConsentNonceInvalid(nonce);
        bytes32 structHash = keccak256(abi.encode(REVOCATION_OF_ALL_TYPEHASH, patient, nonce, deadline));
        _checkSignature(patient, structHash, deadline, signature);
        _useCheckedNonce(patient, nonce);
    }

    function _useOptOutSignature(
        address patient,
        bool optedOut,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) internal {
        bytes32 structHash = keccak256(abi.encode(OPT_OUT_TYPEHASH, patient, optedOut, nonce, deadline));
        _checkCounter(patient, nonce);
        _checkSignature(patient, structHash, deadline, signature);
        if (!optedOut) _useCheckedNonce(patient, nonce);
    }

    /// @dev The upper bits of the nonce are the counter that the signature was made under.
    function _checkCounter(address patient, uint256 nonce) private view {
        uint32 counter = _standings[patient].counter();
        if (nonce >> 64 != counter) revert ConsentSignatureRevoked(nonce >> 64, counter);
    }

    function _checkSignature(
        address patient,
        bytes32 structHash,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert ConsentSignatureExpired(deadline);
        if (!SignatureChecker.isValidSignatureNowCalldata(patient, _hashTypedDataV4(structHash), signature)) {
            revert ConsentSignatureInvalid(patient);
        }
    }

    function _hash(Scope calldata scope) private pure returns (bytes32) {
        return keccak256(abi.encode(SCOPE_TYPEHASH, scope.kind, scope.value));
    }

    function _hash(Recipient calldata recipient) private pure returns (bytes32) {
        return keccak256(abi.encode(RECIPIENT_TYPEHASH, recipient.kind, recipient.value));
    }
}
