// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Recipient, RecipientKind, Scope, ScopeKind, Terms} from "../../contracts/records/Grant.sol";

/**
 * @title ConsentModel__Harness
 * @notice What consent means, told a second time and as plainly as possible: a list of everything that was ever granted, looked through
 * from end to end. No keys, no packing, no counters. The registry must agree with it.
 */
contract ConsentModel__Harness {
    /// @param endedAt When it was revoked or replaced; 0 for never.
    struct Granted {
        address patient;
        Scope scope;
        Recipient recipient;
        Terms terms;
        uint256 grantedAt;
        uint256 endedAt;
    }

    /// @notice A record as far as consent depends on it.
    struct Subject {
        bytes32 id;
        address patient;
        uint8 dataClass;
        address doctor;
    }

    /// @notice Who asks, as far as consent depends on it.
    struct Requester {
        address wallet;
        uint8 role;
        uint16 institution;
    }

    Granted[] private _granted;

    /// @notice How often each patient ended, narrowed or, without a signature, replaced a grant: what voids the signatures made before.
    mapping(address patient => uint256) public voidings;

    mapping(address patient => uint256) private _allRevokedAt;

    function grant(
        address patient,
        Scope memory scope,
        Recipient memory recipient,
        Terms memory terms,
        bool bySignature
    ) external {
        for (uint256 i = 0; i < _granted.length; ++i) {
            if (!_isSame(_granted[i], patient, scope, recipient) || !isLive(i)) continue;
            _granted[i].endedAt = block.timestamp;
            if (!bySignature) ++voidings[patient];
        }
        if (terms.from < block.timestamp) terms.from = uint40(block.timestamp);
        _granted.push(Granted(patient, scope, recipient, terms, block.timestamp, 0));
    }

    function narrow(uint256 index, uint32 purposes, uint32 dataClasses, uint40 until) external {
        Terms storage terms = _granted[index].terms;
        (terms.purposes, terms.dataClasses, terms.until) = (purposes, dataClasses, until);
        ++voidings[_granted[index].patient];
    }

    function revoke(uint256 index) external {
        _granted[index].endedAt = block.timestamp;
        ++voidings[_granted[index].patient];
    }

    function revokeAll(address patient) external {
        _allRevokedAt[patient] = block.timestamp;
        ++voidings[patient];
    }

    function hasRevokedAll(address patient) external view returns (bool) {
        return _allRevokedAt[patient] != 0;
    }

    function length() external view returns (uint256) {
        return _granted.length;
    }

    function grantAt(uint256 index) external view returns (Granted memory) {
        return _granted[index];
    }

    /// @notice Whether a grant of the list is the last under its patient, scope and recipient.
    function isLatest(uint256 index) external view returns (bool) {
        Granted storage that = _granted[index];
        for (uint256 i = index + 1; i < _granted.length; ++i) {
            if (_isSame(_granted[i], that.patient, that.scope, that.recipient)) return false;
        }
        return true;
    }

    /// @notice Whether a grant is not over; it may still be to start.
    function isLive(uint256 index) public view returns (bool) {
        Granted storage granted = _granted[index];
        bool revoked = granted.endedAt != 0 || granted.grantedAt <= _allRevokedAt[granted.patient];
        return !revoked && block.timestamp < granted.terms.until;
    }

    /// @notice Whether one grant of the list admits this use now.
    function admits(
        uint256 index,
        Subject memory subject,
        Requester memory requester,
        uint8 purpose,
        uint8 dataClass
    ) public view returns (bool) {
        Granted storage granted = _granted[index];
        if (granted.patient != subject.patient || !isLive(index) || block.timestamp < granted.terms.from) return false;
        if (purpose >= 32 || granted.terms.purposes & (uint256(1) << purpose) == 0) return false;
        if (dataClass >= 32 || granted.terms.dataClasses & (uint256(1) << dataClass) == 0) return false;
        return _covers(granted.scope, subject) && _names(granted.recipient, requester);
    }

    /// @notice Whether this use is permitted now, of a record that the patient accepted, by a requester in good standing.
    function permits(
        Subject memory subject,
        Requester memory requester,
        uint8 purpose,
        uint8 dataClass
    ) external view returns (bool) {
        if (requester.wallet == subject.patient) return true;
        // TREAT, ETREAT, CAREMGT, COC.
        if (requester.wallet == subject.doctor && purpose < 4) return true;
        for (uint256 i = 0; i < _granted.length; ++i) {
            if (admits(i, subject, requester, purpose, dataClass)) return true;
        }
        return false;
    }

    function _covers(Scope storage scope, Subject memory subject) private view returns (bool) {
        if (scope.kind == ScopeKind.All) return true;
        if (scope.kind == ScopeKind.Class) return uint256(scope.value) == subject.dataClass;
        return scope.value == subject.id;
    }

    function _names(Recipient storage recipient, Requester memory requester) private view returns (bool) {
        if (recipient.kind == RecipientKind.Wallet) return address(recipient.value) == requester.wallet;
        if (recipient.kind == RecipientKind.Role) return recipient.value == requester.role;
        return requester.institution != 0 && recipient.value == requester.institution;
    }

    function _isSame(
        Granted storage granted,
        address patient,
        Scope memory scope,
        Recipient memory recipient
    ) private view returns (bool) {
        return
            granted.patient == patient &&
            granted.scope.kind == scope.kind &&
            granted.scope.value == scope.value &&
            granted.recipient.kind == recipient.kind &&
            granted.recipient.value == recipient.value;
    }
}
