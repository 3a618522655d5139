// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Grant, GrantKey, Recipient, Scope, Terms} from "./Grant.sol";
import {RecordId, RecordState} from "./Record.sol";

/**
 * @title IConsentRegistry
 * @notice The patients' consent (the paper's "type of EMRs data, the information of the recipient, the usage purpose, and the period that
 * the data can be accessed legally", section I), and the single decision that every other part asks: {isPermitted}.
 *
 * A grant belongs to one wallet of a patient. It covers a *scope* (all of the wallet's records, one class, one record) and admits a
 * *recipient* (a wallet, an institution, a role) for some *purposes* and some *data classes* of sections while `from <= t < until`. The
 * patient always has access, the treating doctor for the patient's own care (TREAT, ETREAT, CAREMGT, COC), also to a record that the
 * patient has not accepted. Asserted and repudiated records cannot be granted.
 *
 * Each action exists as `...BySig` too, so that a patient needs neither gas nor a node. A signature carries the wallet's consent counter
 * and the next nonce under it ({consentNonce}). What ends, narrows or replaces a grant by transaction, and an opt-out, raises the counter
 * and so voids every signature made before that gives access, sent or not. (A first grant under a key, by transaction, voids none: an
 * earlier signature under the same key still counts.) A revocation waits for no nonce; {revokeAllBySig} not even for the counter.
 */
interface IConsentRegistry {
    /// @notice The answer to a request, permitted ones first. Among several refusals the decision names the one closest to a permit.
    enum Decision {
        PermittedByGrant,
        PermittedToPatient,
        PermittedToTreatingDoctor,
        PermittedByBreakGlass,
        RecordUnknown,
        RequesterNotCertified,
        RequesterSuspended,
        RequesterRevoked,
        RequesterExpired,
        RecordNotAccepted,
        NoConsent,
        ConsentRevoked,
        ConsentEnded,
        ConsentNotStarted,
        PurposeNotCovered,
        DataClassNotCovered
    }

    /// @notice Why a doctor breaks the glass.
    enum EmergencyReason {
        Unspecified,
        LifeThreat,
        PatientUnresponsive,
        PatientIncapacitated,
        PublicHealthEmergency
    }

    /// @notice The patient granted access, in place of what stood under this key. `recipient` and `scope` are the values whose kinds the
    /// key's last byte names; `granted` is the packed {Grant}.
    event ConsentGranted(
        address indexed patient,
        uint160 indexed recipient,
        GrantKey indexed key,
        bytes32 scope,
        Grant granted
    );

    /// @notice The patient took something away from a grant.
    event ConsentNarrowed(GrantKey indexed key, uint32 purposes, uint32 dataClasses, uint40 until);

    /// @notice The patient revoked a grant.
    event ConsentRevoked(address indexed patient, GrantKey indexed key);

    /// @notice The patient revoked all grants of the wallet.
    event AllConsentsRevoked(address indexed patient);

    /// @notice A doctor opened a record in an emergency. Each one is a case for the auditors.
    event GlassBroken(
        RecordId indexed id,
        uint24 indexed doctor,
        uint16 indexed institution,
        EmergencyReason reason,
        uint40 until
    );

    /// @notice The patient forbade, or allowed again, that emergencies open the wallet's records.
    event BreakGlassOptOutSet(address indexed patient, bool optedOut);

    /// @notice The consortium changed the rule for emergencies.
    event BreakGlassRuleSet(uint8 dailyLimit, uint32 duration);

    /// @notice All takes the value 0, Class a record class (24 to 31), OneRecord a record's id.
    error ConsentScopeInvalid(Scope scope);

    /// @notice A wallet must not be zero, an institution's number is 1 to 65,535, a role 1 to 8.
    error ConsentRecipientInvalid(Recipient recipient);

    /// @notice The terms name no or unknown purposes or classes, or do not end after they start. `terms.from` is shown as it counts: not
    /// before now.
    error ConsentTermsInvalid(Terms terms);

    /// @notice No live grant stands under this key.
    error ConsentNotLive(GrantKey key);

    /// @notice Narrowing only takes away, and from now on: fewer purposes and classes, an end between now and the old end.
    error ConsentNotNarrower(GrantKey key);

    /// @notice The record is another patient's, or unknown (then `patient` is zero).
    error ConsentRecordNotOf(RecordId id, address patient);

    /// @notice The record is not accepted. Remedy: the patient accepts it in the record registry first.
    error ConsentRecordNotAccepted(RecordId id, RecordState state);

    /// @notice The patient did not sign this, with these values, on this chain.
    error ConsentSignatureInvalid(address patient);

    /// @notice The signature's deadline has passed. Remedy: sign again.
    error ConsentSignatureExpired(uint256 deadline);

    /// @notice The signature was made under another counter: before a revocation, narrowing, replacement or opt-out. Remedy: sign again, if
    /// that is still wanted.
    error ConsentSignatureRevoked(uint256 signedCounter, uint256 counter);

    /// @notice The nonce is none of {revokeAllBySig}. Remedy: sign with {revocationNonce}.
    error ConsentNonceInvalid(uint256 nonce);

    /// @notice The record is unknown, or repudiated.
    error BreakGlassUnavailable(RecordId id, RecordState state);

    /// @notice The patient forbade emergencies to open this wallet's records.
    error BreakGlassOptedOut(RecordId id);

    /// @notice The doctor has opened as many records today as the rule allows.
    error BreakGlassLimitReached(uint24 doctor, uint8 dailyLimit);

    /// @notice The doctor has this record open already.
    error BreakGlassStillOpen(RecordId id, uint40 until);

    /// @notice The rule is out of bounds: 1 to 24 a day, 15 minutes to 1 day.
    error BreakGlassRuleInvalid(uint8 dailyLimit, uint32 duration);

    /// @notice Grants access. Replaces what stands under the same key, whose end is then only in the events. Callable by a certified
    /// patient.
    /// @param scope Which of the wallet's records; one record must be accepted.
    /// @param recipient Whom.
    /// @param terms For what and when.
    function grant(Scope calldata scope, Recipient calldata recipient, Terms calldata terms) external;

    /// @notice {grant}, sent by anyone.
    /// @param patient The wallet that signed.
    /// @param nonce {consentNonce} of the wallet.
    /// @param deadline Last second at which the signature counts.
    function grantBySig(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        Terms calldata terms,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Takes purposes, classes or time away from a live grant. Callable by its patient.
    /// @param purposes A part of the grant's purposes, not zero.
    /// @param dataClasses A part of the grant's classes, not zero.
    /// @param until From now to the grant's end.
    function narrow(
        Scope calldata scope,
        Recipient calldata recipient,
        uint32 purposes,
        uint32 dataClasses,
        uint40 until
    ) external;

    /// @notice {narrow}, sent by anyone.
    /// @param nonce {consentNonce} of the wallet; only its counter has to be current.
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
    ) external;

    /// @notice Revokes a live grant at once. Callable by its patient, whatever the state of the certificate.
    /// @param scope The grant's scope.
    /// @param recipient The grant's recipient.
    function revoke(Scope calldata scope, Recipient calldata recipient) external;

    /// @notice {revoke}, sent by anyone.
    /// @param nonce {consentNonce} of the wallet; only its counter has to be current.
    function revokeBySig(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Revokes every grant of the calling wallet, and every signature it made that gives access, in one write. A grant that
    /// follows in the same block is revoked too: grant again in the next one.
    function revokeAll() external;

    /// @notice {revokeAll}, sent by anyone. Nothing else that the patient signed can hold it up.
    /// @param nonce {revocationNonce} of the wallet.
    function revokeAllBySig(address patient, uint256 nonce, uint256 deadline, bytes calldata signature) external;

    /// @notice Forbids (or allows again) that emergencies open the calling wallet's records. Records opened before stay so for their time.
    /// Forbidding voids every signature made before.
    /// @param optedOut Whether emergencies are shut out.
    function setBreakGlassOptOut(bool optedOut) external;

    /// @notice {setBreakGlassOptOut}, sent by anyone.
    /// @param patient The wallet that signed.
    /// @param optedOut Whether emergencies are shut out.
    /// @param nonce {consentNonce} of the wallet; to opt out, only its counter has to be current.
    /// @param deadline Last second at which the signature counts.
    /// @param signature 65 bytes, or what an ERC-1271 wallet takes.
    function setBreakGlassOptOutBySig(
        address patient,
        bool optedOut,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Opens one record for emergency treatment, for a bounded time. Callable by a certified doctor, a few times a day.
    /// @return until When access ends, in seconds.
    /// @param id The record.
    /// @param reason Why.
    function breakGlass(RecordId id, EmergencyReason reason) external returns (uint40 until);

    /// @notice Sets the rule for emergencies. Callable by the consortium.
    /// @param dailyLimit Records a doctor may open on one UTC day, 1 to 24.
    /// @param duration How long each stays open, 900 to 86,400 seconds.
    function setBreakGlassRule(uint8 dailyLimit, uint32 duration) external;

    /// @notice Whether `requester` may use sections of class `dataClass` of record `id` for `purpose` now. Searches the grants.
    /// @param purpose Number of the purpose's bit, 0 to 31.
    /// @param dataClass Class of the section, 0 to 23.
    function isPermitted(RecordId id, address requester, uint8 purpose, uint8 dataClass) external view returns (bool);

    /// @notice Whether the grant under `key` covers the request: what the market asks. It does not answer for what needs no consent: the
    /// patient, the treating doctor, emergencies.
    /// @param key {grantKeyOf} the grant; a key that is of another record or requester permits nothing.
    function isPermitted(
        GrantKey key,
        RecordId id,
        address requester,
        uint8 purpose,
        uint8 dataClass
    ) external view returns (bool);

    /// @notice Whether the grant under `key` now lets an institution use the record for all `purposes` and all `dataClasses`: what the
    /// market asks before a record is listed or exported. The grant admits the institution by number, or all institutions by role.
    /// @param key {grantKeyOf} the grant.
    /// @param id The record.
    /// @param institution The institution's number; whether it is active is for the caller to know.
    /// @param purposes One bit for each purpose.
    /// @param dataClasses One bit for each section class.
    function coversInstitution(
        GrantKey key,
        RecordId id,
        uint16 institution,
        uint32 purposes,
        uint32 dataClasses
    ) external view returns (bool);

    /// @notice Whether it is certain that the grant under `key` did not let an institution use the record at `time`: the key is of another
    /// record or institution, nothing was ever granted under it, or the grant that stands there was granted up to then and had not started
    /// or was over. Nothing is certain of a grant that was replaced later, or of what a narrowing took away; of revocations of everything
    /// the last five count.
    /// @param key {grantKeyOf} the grant.
    /// @param id The record.
    /// @param institution The institution's number.
    /// @param time In seconds, not in the future.
    function isRefuted(GrantKey key, RecordId id, uint16 institution, uint40 time) external view returns (bool);

    /// @notice The decision behind {isPermitted}, with the reason.
    /// @param id The record.
    /// @param requester Who asks.
    /// @param purpose Number of the purpose's bit, 0 to 31.
    /// @param dataClass Class of the section, 0 to 23.
    function decisionOf(
        RecordId id,
        address requester,
        uint8 purpose,
        uint8 dataClass
    ) external view returns (Decision);

    /// @notice The key under which a grant stands.
    /// @param patient The wallet that grants.
    /// @param scope Which of its records.
    /// @param recipient Whom.
    function grantKeyOf(
        address patient,
        Scope calldata scope,
        Recipient calldata recipient
    ) external pure returns (GrantKey);

    /// @notice The packed grant under `key`; zero if there never was one.
    /// @param key {grantKeyOf} the grant.
    function grantOf(GrantKey key) external view returns (Grant);

    /// @notice A wallet's standing: its counter, when {revokeAll} last ran (0 for never), its opt-out from {breakGlass}.
    /// @param patient The wallet.
    /// @return counter Raised by whatever voids signatures.
    /// @return allRevokedAt In seconds.
    /// @return breakGlassOptOut Whether emergencies are shut out.
    function patientOf(
        address patient
    ) external view returns (uint32 counter, uint40 allRevokedAt, bool breakGlassOptOut);

    /// @notice The nonce that the wallet's next signature carries, all but {revokeAllBySig}'s: its counter in the upper bits, a sequence
    /// number in the lower 64.
    /// @param patient The wallet.
    function consentNonce(address patient) external view returns (uint256);

    /// @notice The nonce that the wallet's next signature for {revokeAllBySig} carries.
    /// @param patient The wallet.
    function revocationNonce(address patient) external view returns (uint256);

    /// @notice Until when a doctor, by number, has a record open in an emergency.
    /// @param doctor The doctor's number.
    /// @param id The record.
    function brokenGlassUntil(uint24 doctor, RecordId id) external view returns (uint40);
}
