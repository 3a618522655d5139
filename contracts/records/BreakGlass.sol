// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../Governed.sol";
import {Account, Role} from "../accounts/Account.sol";
import {AccountReader} from "../accounts/AccountReader.sol";
import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {ConsentSignatures} from "./ConsentSignatures.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {IRecordRegistry} from "./IRecordRegistry.sol";
import {Record, RecordId, RecordState} from "./Record.sol";
import {RecordReader} from "./RecordReader.sol";
import {Standing} from "./Standing.sol";

/**
 * @title BreakGlass
 * @notice Access without consent in an emergency: the doctor says so on chain first, for one record, for a bounded time, a few times a
 * day, unless the patient opted out. Good for emergency treatment only, never for the market; each is raised to the auditors.
 */
abstract contract BreakGlass is ConsentSignatures, Governed {
    using AccountReader for IAccountCenter;
    using RecordReader for IRecordRegistry;

    uint8 private constant MAX_DAILY_LIMIT = 24;
    uint32 private constant MIN_DURATION = 15 minutes;
    uint32 private constant MAX_DURATION = 1 days;

    /// @dev What a doctor opened on the last day on which any was opened; one slot: bits 0-31 day | 32-39 count.
    struct Openings {
        uint32 day;
        uint8 count;
    }

    /// @notice Says who is certified.
    IAccountCenter public immutable accountCenter;

    /// @notice Says what records exist.
    IRecordRegistry public immutable recordRegistry;

    // The rule shares a slot with {Governed-successor}:
    // bits 0-159 successor | 160-167 breakGlassDailyLimit | 168-199 breakGlassDuration

    /// @notice Records a doctor may open on one UTC day.
    uint8 public breakGlassDailyLimit;

    /// @notice Seconds that a record stays open.
    uint32 public breakGlassDuration;

    /// @inheritdoc IConsentRegistry
    mapping(uint24 doctor => mapping(RecordId id => uint40)) public brokenGlassUntil;

    /// @notice The last UTC day (since 1970) on which a doctor, by number, opened records in emergencies, and how many.
    mapping(uint24 doctor => Openings) public breakGlassOpenings;

    constructor(IAccountCenter accountCenter_, IRecordRegistry recordRegistry_, uint8 dailyLimit, uint32 duration) {
        accountCenter = accountCenter_;
        recordRegistry = recordRegistry_;
        _setBreakGlassRule(dailyLimit, duration);
    }

    /// @inheritdoc IConsentRegistry
    function breakGlass(RecordId id, EmergencyReason reason) external returns (uint40 until) {
        Account account = accountCenter.read(msg.sender);
        account.requireActive(msg.sender, Role.Doctor);
        Record record = recordRegistry.read(id);
        RecordState state = record.state();
        if (state == RecordState.None || state == RecordState.Repudiated) revert BreakGlassUnavailable(id, state);
        if (_standings[record.patient()].breakGlassOptOut()) revert BreakGlassOptedOut(id);

        uint24 doctor = account.number();
        uint40 open = brokenGlassUntil[doctor][id];
        if (block.timestamp < open) revert BreakGlassStillOpen(id, open);
        _countOpening(doctor);

        until = uint40(block.timestamp + breakGlassDuration);
        brokenGlassUntil[doctor][id] = until;
        emit GlassBroken(id, doctor, account.institution(), reason, until);
    }

    /// @inheritdoc IConsentRegistry
    function setBreakGlassOptOut(bool optedOut) external {
        _setBreakGlassOptOut(msg.sender, optedOut);
    }

    /// @inheritdoc IConsentRegistry
    function setBreakGlassOptOutBySig(
        address patient,
        bool optedOut,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _useOptOutSignature(patient, optedOut, nonce, deadline, signature);
        _setBreakGlassOptOut(patient, optedOut);
    }

    /// @inheritdoc IConsentRegistry
    function setBreakGlassRule(uint8 dailyLimit, uint32 duration) external restricted {
        _setBreakGlassRule(dailyLimit, duration);
    }

    function _setBreakGlassOptOut(address patient, bool optedOut) private {
        Standing standing = _standings[patient].withBreakGlassOptOut(optedOut);
        // Opting out voids what was signed before, or an old signature could opt in again.
        _standings[patient] = optedOut ? standing.raised() : standing;
        emit BreakGlassOptOutSet(patient, optedOut);
    }

    function _setBreakGlassRule(uint8 dailyLimit, uint32 duration) private {
        bool inBounds =
            dailyLimit != 0 && dailyLimit <= MAX_DAILY_LIMIT && duration >= MIN_DURATION && duration <= MAX_DURATION;
        if (!inBounds) revert BreakGlassRuleInvalid(dailyLimit, duration);
        breakGlassDailyLimit = dailyLimit;
        breakGlassDuration = duration;
        emit BreakGlassRuleSet(dailyLimit, duration);
    }

    function _countOpening(uint24 doctor) private {
        Openings memory openings = breakGlassOpenings[doctor];
        uint32 today = uint32(block.timestamp / 1 days);
        if (openings.day != today) openings = Openings(today, 0);
        if (openings.count >= breakGlassDailyLimit) revert BreakGlassLimitReached(doctor, breakGlassDailyLimit);
        ++openings.count;
        breakGlassOpenings[doctor] = openings;
    }
}
