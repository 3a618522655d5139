// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";
import {Governed} from "../Governed.sol";
import {Account, Role, Status} from "../accounts/Account.sol";
import {AccountReader} from "../accounts/AccountReader.sol";
import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {BreakGlass} from "./BreakGlass.sol";
import {DataClass} from "./DataClass.sol";
import {Grant, GrantKey, GrantLib, Recipient, RecipientKind, Scope, ScopeKind, Terms} from "./Grant.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {IRecordRegistry} from "./IRecordRegistry.sol";
import {PurposeOfUse} from "./PurposeOfUse.sol";
import {Record, RecordId, RecordState} from "./Record.sol";
import {RecordReader} from "./RecordReader.sol";
import {Standing} from "./Standing.sol";

/**
 * @title ConsentRegistry
 * @notice The patients' consent and the decision about every access. {IConsentRegistry} says what each function promises.
 */
contract ConsentRegistry is BreakGlass {
    using AccountReader for IAccountCenter;
    using RecordReader for IRecordRegistry;

    /// @dev Who asks for what.
    struct Request {
        RecordId id;
        address requester;
        uint8 purpose;
        uint8 dataClass;
    }

    // The kinds as plain numbers, for the search.
    uint256 private constant ALL = uint256(ScopeKind.All);
    uint256 private constant CLASS = uint256(ScopeKind.Class);
    uint256 private constant ONE_RECORD = uint256(ScopeKind.OneRecord);
    uint256 private constant WALLET = uint256(RecipientKind.Wallet);
    uint256 private constant INSTITUTION = uint256(RecipientKind.Institution);
    uint256 private constant ROLE = uint256(RecipientKind.Role);

    uint32 private constant KNOWN_DATA_CLASSES = uint32((1 << DataClass.FIRST_OF_RECORDS) - 1);

    /// @inheritdoc IConsentRegistry
    mapping(GrantKey key => Grant) public grantOf;

    /// @param consortium The access manager.
    /// @param accountCenter_ The account center.
    /// @param recordRegistry_ The record registry.
    /// @param dailyLimit Records a doctor may open in emergencies on one day.
    /// @param duration Seconds that each stays open.
    constructor(
        address consortium,
        IAccountCenter accountCenter_,
        IRecordRegistry recordRegistry_,
        uint8 dailyLimit,
        uint32 duration
    ) BreakGlass(accountCenter_, recordRegistry_, dailyLimit, duration) Governed(consortium) {}

    /// @inheritdoc IConsentRegistry
    function grant(Scope calldata scope, Recipient calldata recipient, Terms calldata terms) external {
        // Replacing counts as revoking: no signature made before may bring the old grant back. (A signed grant spends its nonce.)
        bool replaces = grantOf[_keyOf(msg.sender, scope, recipient)].isLive(0);
        if (replaces) _standings[msg.sender] = _standings[msg.sender].raised();
        _grant(msg.sender, scope, recipient, terms);
    }

    /// @inheritdoc IConsentRegistry
    function grantBySig(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        Terms calldata terms,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _useGrantSignature(patient, scope, recipient, terms, nonce, deadline, signature);
        _grant(patient, scope, recipient, terms);
    }

    /// @inheritdoc IConsentRegistry
    function narrow(
        Scope calldata scope,
        Recipient calldata recipient,
        uint32 purposes,
        uint32 dataClasses,
        uint40 until
    ) external {
        _narrow(msg.sender, scope, recipient, purposes, dataClasses, until);
    }

    /// @inheritdoc IConsentRegistry
    function narrowBySig(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        uint32 purposes,
        uint32 dataClasses,
        uint40 until,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _checkNarrowingSignature(patient, scope, recipient, purposes, dataClasses, until, nonce, deadline, signature);
        _narrow(patient, scope, recipient, purposes, dataClasses, until);
    }

    /// @inheritdoc IConsentRegistry
    function revoke(Scope calldata scope, Recipient calldata recipient) external {
        _revoke(msg.sender, scope, recipient);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySig(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _checkRevocationSignature(patient, scope, recipient, nonce, deadline, signature);
        _revoke(patient, scope, recipient);
    }

    /// @inheritdoc IConsentRegistry
    function revokeAll() external {
        _revokeAll(msg.sender);
    }

    /// @inheritdoc IConsentRegistry
    function revokeAllBySig(address patient, uint256 nonce, uint256 deadline, bytes calldata signature) external {
        _useRevocationOfAllSignature(patient, nonce, deadline, signature);
        _revokeAll(patient);
    }

    /// @inheritdoc IConsentRegistry
    function isPermitted(RecordId id, address requester, uint8 purpose, uint8 dataClass) external view returns (bool) {
        return _isPermit(_decide(Request(id, requester, purpose, dataClass)));
    }

    /// @inheritdoc IConsentRegistry
    function isPermitted(
        GrantKey key,
        RecordId id,
        address requester,
        uint8 purpose,
        uint8 dataClass
    ) external view returns (bool) {
        Record record = recordRegistry.read(id);
        Account account = accountCenter.read(requester);
        if (!account.isActive() || !record.isGrantable()) return false;

        // What the key must be, if it is of the kinds it says, for this record and this requester.
        address patient = record.patient();
        uint256 kinds = uint8(uint256(GrantKey.unwrap(key)));
        bytes32 scope = _scopeValue(kinds >> 4, id, record);
        uint256 recipient = _recipientValue(kinds & 0xf, requester, account);
        if (GrantKey.unwrap(_key(patient, kinds, scope, recipient)) != GrantKey.unwrap(key)) return false;
        return _isCovered(grantOf[key], _standings[patient].allRevokedAt(), purpose, dataClass);
    }

    /// @inheritdoc IConsentRegistry
    function coversInstitution(
        GrantKey key,
        RecordId id,
        uint16 institution,
        uint32 purposes,
        uint32 dataClasses
    ) external view returns (bool) {
        Record record = recordRegistry.read(id);
        if (!record.isGrantable() || !_isKeyOf(key, id, record, institution)) return false;
        Grant granted = grantOf[key];
        if (purposes & ~granted.purposes() != 0 || dataClasses & ~granted.dataClasses() != 0) return false;
        return block.timestamp >= granted.from() && granted.isLive(_standings[record.patient()].allRevokedAt());
    }

    /// @inheritdoc IConsentRegistry
    function isRefuted(GrantKey key, RecordId id, uint16 institution, uint40 time) external view returns (bool) {
        Record record = recordRegistry.read(id);
        if (!record.exists() || !_isKeyOf(key, id, record, institution)) return true;
        Grant granted = grantOf[key];
        if (!granted.exists()) return true;
        // What stood there before a later grant is not known.
        if (granted.grantedAt() > time) return false;
        uint40 allRevokedSince = _standings[record.patient()].allRevokedSince(granted.grantedAt());
        return time < granted.from() || granted.endOf(allRevokedSince) <= time;
    }

    /// @inheritdoc IConsentRegistry
    function decisionOf(
        RecordId id,
        address requester,
        uint8 purpose,
        uint8 dataClass
    ) external view returns (Decision) {
        return _decide(Request(id, requester, purpose, dataClass));
    }

    /// @inheritdoc IConsentRegistry
    function grantKeyOf(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient
    ) external pure returns (GrantKey) {
        return _keyOf(patient, scope, recipient);
    }

    function _grant(address patient, Scope calldata scope, Recipient calldata recipient, Terms memory terms) private {
        accountCenter.read(patient).requireActive(patient, Role.Patient);
        _checkScope(patient, scope);
        _checkRecipient(recipient);
        // A start in the past would rewrite what was permitted then.
        if (terms.from < block.timestamp) terms.from = uint40(block.timestamp);
        _checkTerms(terms);

        GrantKey key = _keyOf(patient, scope, recipient);
        Grant granted = GrantLib.pack(terms, block.timestamp);
        grantOf[key] = granted;
        emit ConsentGranted(patient, recipient.value, key, scope.value, granted);
    }

    function _narrow(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        uint32 purposes,
        uint32 dataClasses,
        uint40 until
    ) private {
        (GrantKey key, Grant current, Standing standing) = _liveGrant(patient, scope, recipient);
        if (
            purposes == 0 ||
            dataClasses == 0 ||
            purposes & ~current.purposes() != 0 ||
            dataClasses & ~current.dataClasses() != 0 ||
            until > current.until() ||
            until < block.timestamp
        ) revert ConsentNotNarrower(key);

        _standings[patient] = standing.raised();
        grantOf[key] = GrantLib.pack(Terms(purposes, dataClasses, current.from(), until), current.grantedAt());
        emit ConsentNarrowed(key, purposes, dataClasses, until);
    }

    function _revoke(address patient, Scope calldata scope, Recipient calldata recipient) private {
        (GrantKey key, Grant current, Standing standing) = _liveGrant(patient, scope, recipient);
        _standings[patient] = standing.raised();
        grantOf[key] = current.withRevokedAt(uint40(block.timestamp));
        emit ConsentRevoked(patient, key);
    }

    function _revokeAll(address patient) private {
        _standings[patient] = _standings[patient].raised().withAllRevokedAt(uint40(block.timestamp));
        emit AllConsentsRevoked(patient);
    }

    function _liveGrant(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient
    ) private view returns (GrantKey key, Grant current, Standing standing) {
        key = _keyOf(patient, scope, recipient);
        current = grantOf[key];
        standing = _standings[patient];
        if (!current.isLive(standing.allRevokedAt())) revert ConsentNotLive(key);
    }

    function _checkScope(address patient, Scope calldata scope) private view {
        if (scope.kind == ScopeKind.OneRecord) {
            RecordId id = RecordId.wrap(scope.value);
            Record record = recordRegistry.read(id);
            if (record.patient() != patient) revert ConsentRecordNotOf(id, record.patient());
            if (!record.isGrantable()) revert ConsentRecordNotAccepted(id, record.state());
            return;
        }
        bool valid =
            scope.kind == ScopeKind.All
                ? scope.value == 0
                : scope.kind == ScopeKind.Class &&
                    uint256(scope.value) <= DataClass.LAST &&
                    uint256(scope.value) >= DataClass.FIRST_OF_RECORDS;
        if (!valid) revert ConsentScopeInvalid(scope);
    }

    function _checkRecipient(Recipient calldata recipient) private pure {
        RecipientKind kind = recipient.kind;
        bool valid =
            kind != RecipientKind.None &&
                recipient.value != 0 &&
                (kind != RecipientKind.Institution || recipient.value <= type(uint16).max) &&
                (kind != RecipientKind.Role || recipient.value <= uint160(type(Role).max));
        if (!valid) revert ConsentRecipientInvalid(recipient);
    }

    function _checkTerms(Terms memory terms) private pure {
        if (
            terms.purposes == 0 ||
            terms.dataClasses == 0 ||
            terms.purposes & ~PurposeOfUse.KNOWN != 0 ||
            terms.dataClasses & ~KNOWN_DATA_CLASSES != 0 ||
            terms.until <= terms.from
        ) revert ConsentTermsInvalid(terms);
    }

    /// @dev The decision, from the cheapest question to the search.
    function _decide(Request memory request) private view returns (Decision decision) {
        Record record = recordRegistry.read(request.id);
        Account account = accountCenter.read(request.requester);
        decision = _identify(record, request, account);
        if (decision == Decision.NoConsent) decision = _search(request, record, account);
        if (decision < Decision.RecordNotAccepted || request.purpose != PurposeOfUse.ETREAT) return decision;

        // Without consent: only a doctor, only for emergency treatment, never on a record that the patient disowned.
        bool mayBreakGlass = account.isIn(Role.Doctor) && !record.isIn(RecordState.Repudiated);
        if (mayBreakGlass && block.timestamp < brokenGlassUntil[account.number()][request.id]) {
            return Decision.PermittedByBreakGlass;
        }
    }

    /// @dev What can be said without looking at any grant; `NoConsent` if a grant has to decide.
    function _identify(Record record, Request memory request, Account account) private view returns (Decision) {
        if (!record.exists()) return Decision.RecordUnknown;
        if (!account.isActive()) return _refusalOf(account);
        if (record.patient() == request.requester) return Decision.PermittedToPatient;
        bool isTreating = account.isIn(Role.Doctor) && account.number() == record.doctor();
        if (isTreating && PurposeOfUse.isCare(request.purpose)) return Decision.PermittedToTreatingDoctor;
        return record.isGrantable() ? Decision.NoConsent : Decision.RecordNotAccepted;
    }

    function _refusalOf(Account account) private pure returns (Decision) {
        Status status = account.status();
        if (status == Status.None) return Decision.RequesterNotCertified;
        if (status == Status.Suspended) return Decision.RequesterSuspended;
        if (status == Status.Revoked) return Decision.RequesterRevoked;
        return Decision.RequesterExpired;
    }

    /// @dev At most nine grants can cover a request: three scopes for three recipients.
    function _search(Request memory request, Record record, Account account) private view returns (Decision decision) {
        address patient = record.patient();
        uint40 allRevokedAt = _standings[patient].allRevokedAt();
        decision = Decision.NoConsent;
        for (uint256 s = ALL; s <= ONE_RECORD; ++s) {
            bytes32 scope = _scopeValue(s, request.id, record);
            for (uint256 r = WALLET; r <= ROLE; ++r) {
                uint256 recipient = _recipientValue(r, request.requester, account);
                Grant granted = grantOf[_key(patient, (s << 4) | r, scope, recipient)];
                if (!granted.exists()) continue;
                if (_isCovered(granted, allRevokedAt, request.purpose, request.dataClass)) {
                    return Decision.PermittedByGrant;
                }
                Decision refusal = _refusalOf(granted, allRevokedAt, request.purpose);
                if (refusal > decision) decision = refusal;
            }
        }
    }

    function _isCovered(
        Grant granted,
        uint40 allRevokedAt,
        uint8 purpose,
        uint8 dataClass
    ) private view returns (bool) {
        if ((granted.purposes() >> purpose) & (granted.dataClasses() >> dataClass) & 1 == 0) return false;
        return block.timestamp >= granted.from() && granted.isLive(allRevokedAt);
    }

    /// @dev Why a grant that does not cover a request does not.
    function _refusalOf(Grant granted, uint40 allRevokedAt, uint8 purpose) private view returns (Decision) {
        if (granted.isRevoked(allRevokedAt)) return Decision.ConsentRevoked;
        if (block.timestamp >= granted.until()) return Decision.ConsentEnded;
        if (block.timestamp < granted.from()) return Decision.ConsentNotStarted;
        bool purposeNamed = (granted.purposes() >> purpose) & 1 != 0;
        return purposeNamed ? Decision.DataClassNotCovered : Decision.PurposeNotCovered;
    }

    /// @dev Whether `key` is of the record and of the institution by number, or of all institutions.
    function _isKeyOf(GrantKey key, RecordId id, Record record, uint16 institution) private pure returns (bool) {
        uint256 kinds = uint8(uint256(GrantKey.unwrap(key)));
        uint256 kind = kinds & 0xf;
        if (kind != INSTITUTION && kind != ROLE) return false;
        uint256 recipient = kind == INSTITUTION ? institution : uint256(Role.Institution);
        bytes32 scope = _scopeValue(kinds >> 4, id, record);
        return GrantKey.unwrap(_key(record.patient(), kinds, scope, recipient)) == GrantKey.unwrap(key);
    }

    function _scopeValue(uint256 kind, RecordId id, Record record) private pure returns (bytes32) {
        if (kind == ONE_RECORD) return RecordId.unwrap(id);
        return kind == CLASS ? bytes32(uint256(record.dataClass())) : bytes32(0);
    }

    /// @dev Zero, which no grant admits, where the requester has nothing of that kind.
    function _recipientValue(uint256 kind, address requester, Account account) private pure returns (uint256) {
        if (kind == WALLET) return uint160(requester);
        return kind == INSTITUTION ? account.institution() : uint8(Account.unwrap(account));
    }

    function _keyOf(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient
    ) private pure returns (GrantKey) {
        return _key(patient, (uint256(scope.kind) << 4) | uint256(recipient.kind), scope.value, recipient.value);
    }

    function _key(address patient, uint256 kinds, bytes32 scope, uint256 recipient) private pure returns (GrantKey) {
        uint256 hash = uint256(EfficientHashLib.hash(uint160(patient), kinds, uint256(scope), recipient));
        return GrantKey.wrap(bytes32((hash & ~uint256(0xff)) | kinds));
    }

    function _isPermit(Decision decision) private pure returns (bool) {
        return decision <= Decision.PermittedByBreakGlass;
    }
}
