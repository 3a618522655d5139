// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsentRegistry} from "../../contracts/records/ConsentRegistry.sol";
import {Recipient, RecipientKind, Scope, ScopeKind, Terms} from "../../contracts/records/Grant.sol";
import {RecordId} from "../../contracts/records/Record.sol";
import {ConsentModel__Harness as ConsentModel} from "./ConsentModel__Harness.sol";
import {Actor, Healthchain__Harness as Healthchain} from "./Healthchain__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title ConsentHandler__Harness
 * @notice Lets two patients grant, narrow, revoke and sign at random, and tells the model the same. What the registry must refuse is tried
 * too: if it goes through, the action fails.
 */
contract ConsentHandler__Harness {
    /// @notice A grant that was signed and not sent.
    struct Pending {
        Scope scope;
        Recipient recipient;
        Terms terms;
        uint256 nonce;
        uint256 voidings;
        bytes signature;
    }

    /// @notice The randomness of one grant.
    struct GrantSeed {
        uint8 patient;
        uint8 scope;
        uint8 recipient;
        uint8 purposes;
        uint8 dataClasses;
        uint24 start;
        uint24 length;
    }

    uint256 private constant PURPOSES = 6;
    uint256 private constant DATA_CLASSES = 4;

    Healthchain public immutable healthchain;
    ConsentRegistry public immutable registry;
    ConsentModel public immutable model;

    /// @notice The time at which the next action happens, kept here so that it does not depend on the runner.
    uint256 public clock;

    ConsentModel.Subject[] private _subjects;
    ConsentModel.Requester[] private _requesters;
    mapping(address patient => Pending) private _pending;

    constructor(Healthchain healthchain_) {
        healthchain = healthchain_;
        registry = healthchain_.consentRegistry();
        model = new ConsentModel();
        clock = block.timestamp;
        _addSubject(_patient(0), 24, "a");
        _addSubject(_patient(0), 25, "b");
        _addSubject(_patient(1), 24, "c");
        _addRequester(_wallet(healthchain_.colleague), 2, 2);
        _addRequester(_wallet(healthchain_.researcher), 4, 0);
        _addRequester(_wallet(healthchain_.clinic), 3, 2);
        _addRequester(_wallet(healthchain_.doctor), 2, 1);
        _addRequester(_wallet(healthchain_.neighbour), 1, 0);
    }

    function grant(uint24 step, GrantSeed calldata seed) external {
        _tick(step);
        (Actor memory patient, Scope memory scope, Recipient memory recipient, Terms memory terms) = _grantOf(seed);
        vm.prank(patient.wallet);
        registry.grant(scope, recipient, terms);
        model.grant(patient.wallet, scope, recipient, terms, false);
    }

    /// @notice Grants anew under a key that was used before: what stands there is replaced.
    function grantAgain(uint24 step, uint256 index, GrantSeed calldata seed) external {
        _tick(step);
        if (model.length() == 0) return;
        ConsentModel.Granted memory old = model.grantAt(index % model.length());
        (, , , Terms memory terms) = _grantOf(seed);
        vm.prank(old.patient);
        registry.grant(old.scope, old.recipient, terms);
        model.grant(old.patient, old.scope, old.recipient, terms, false);
    }

    function signGrant(uint24 step, GrantSeed calldata seed) external {
        _tick(step);
        (Actor memory patient, Scope memory scope, Recipient memory recipient, Terms memory terms) = _grantOf(seed);
        uint256 nonce = registry.consentNonce(patient.wallet);
        bytes memory signature = _signGrant(patient, scope, recipient, terms, nonce);
        uint256 voidings = model.voidings(patient.wallet);
        _pending[patient.wallet] = Pending(scope, recipient, terms, nonce, voidings, signature);
    }

    /// @notice A signature that was made before a revocation must not go through, any other must. After a revocation of all, an
    /// unsigned grant in place of one that it ended voids signatures too.
    function sendSigned(uint24 step, uint8 patientSeed) external {
        _tick(step);
        address patient = _patient(patientSeed).wallet;
        Pending memory pending = _pending[patient];
        if (pending.signature.length == 0 || pending.terms.until <= block.timestamp) return;
        delete _pending[patient];

        bool isVoid = model.voidings(patient) != pending.voidings;
        try
            registry.grantBySig(
                patient,
                pending.scope,
                pending.recipient,
                pending.terms,
                pending.nonce,
                type(uint256).max,
                pending.signature
            )
        {
            assert(!isVoid);
            model.grant(patient, pending.scope, pending.recipient, pending.terms, true);
        } catch {
            assert(isVoid || model.hasRevokedAll(patient));
        }
    }

    function narrow(uint24 step, uint256 index, uint8 purposes, uint8 dataClasses, uint24 cut) external {
        _tick(step);
        if (model.length() == 0) return;
        index %= model.length();
        if (!model.isLatest(index)) return;
        ConsentModel.Granted memory granted = model.grantAt(index);
        uint32 lessPurposes = _part(granted.terms.purposes, purposes);
        uint32 lessClasses = _part(granted.terms.dataClasses, dataClasses);
        bool live = model.isLive(index);
        uint40 until =
            live ? uint40(block.timestamp + (cut % (granted.terms.until - block.timestamp + 1))) : granted.terms.until;

        vm.prank(granted.patient);
        try registry.narrow(granted.scope, granted.recipient, lessPurposes, lessClasses, until) {
            assert(live);
            model.narrow(index, lessPurposes, lessClasses, until);
        } catch {
            assert(!live);
        }
    }

    /// @notice Whatever a narrowing would add or prolong must be refused.
    function widen(uint24 step, uint256 index, uint8 bit, uint24 longer) external {
        _tick(step);
        if (model.length() == 0) return;
        ConsentModel.Granted memory granted = model.grantAt(index % model.length());
        uint32 purposes = granted.terms.purposes;
        uint32 dataClasses = granted.terms.dataClasses;
        uint40 until = granted.terms.until;
        if (bit % 3 == 0) purposes |= uint32(1 << (PURPOSES + (bit % 20)));
        if (bit % 3 == 1) dataClasses |= uint32(1 << (DATA_CLASSES + (bit % 20)));
        if (bit % 3 == 2) until = uint40(block.timestamp + 12 days + longer);

        vm.prank(granted.patient);
        try registry.narrow(granted.scope, granted.recipient, purposes, dataClasses, until) {
            assert(false);
        } catch {}
    }

    function revoke(uint24 step, uint256 index) external {
        _tick(step);
        if (model.length() == 0) return;
        index %= model.length();
        if (!model.isLatest(index)) return;
        ConsentModel.Granted memory granted = model.grantAt(index);
        bool live = model.isLive(index);
        vm.prank(granted.patient);
        try registry.revoke(granted.scope, granted.recipient) {
            assert(live);
            model.revoke(index);
        } catch {
            assert(!live);
        }
    }

    function revokeAll(uint24 step, uint8 patientSeed) external {
        _tick(step);
        // One in sixteen, so that grants live long enough to be of interest.
        if (patientSeed >= 16) return;
        address patient = _patient(patientSeed).wallet;
        vm.prank(patient);
        registry.revokeAll();
        model.revokeAll(patient);
    }

    function subjects() external view returns (ConsentModel.Subject[] memory) {
        return _subjects;
    }

    function requesters() external view returns (ConsentModel.Requester[] memory) {
        return _requesters;
    }

    function _tick(uint24 step) private {
        clock += step % 6 hours;
        vm.warp(clock);
    }

    function _grantOf(
        GrantSeed calldata seed
    ) private view returns (Actor memory patient, Scope memory scope, Recipient memory recipient, Terms memory terms) {
        patient = _patient(seed.patient);
        scope = _scope(patient.wallet, seed.scope);
        recipient = _recipient(seed.recipient);
        terms.purposes = uint32(1 + (seed.purposes % (2 ** PURPOSES - 1)));
        terms.dataClasses = uint32(1 + (seed.dataClasses % (2 ** DATA_CLASSES - 1)));
        // Half of them from now on.
        terms.from = uint40(block.timestamp + (seed.start % 2 == 0 ? 0 : seed.start % 1 days));
        terms.until = uint40(terms.from + 1 + (seed.length % 10 days));
    }

    function _scope(address patient, uint8 seed) private view returns (Scope memory) {
        if (seed % 3 == 0) return Scope(ScopeKind.All, 0);
        if (seed % 3 == 1) return Scope(ScopeKind.Class, bytes32(uint256(24 + (seed % 2))));
        ConsentModel.Subject storage subject = _subjects[seed % 2 == 0 ? 0 : 1];
        return Scope(ScopeKind.OneRecord, subject.patient == patient ? subject.id : _subjects[2].id);
    }

    function _recipient(uint8 seed) private view returns (Recipient memory) {
        if (seed % 3 == 0) {
            address wallet = _requesters[seed % _requesters.length].wallet;
            return Recipient(RecipientKind.Wallet, uint160(wallet));
        }
        if (seed % 3 == 1) return Recipient(RecipientKind.Institution, 1 + (seed % 2));
        return Recipient(RecipientKind.Role, 1 + (seed % 4));
    }

    /// @dev A part of the bits, never none.
    function _part(uint32 bits, uint8 mask) private pure returns (uint32) {
        uint32 part = bits & mask;
        return part == 0 ? bits : part;
    }

    function _signGrant(
        Actor memory patient,
        Scope memory scope,
        Recipient memory recipient,
        Terms memory terms,
        uint256 nonce
    ) private view returns (bytes memory) {
        bytes32 typeHash = keccak256(
            "Grant(address patient,Scope scope,Recipient recipient,Terms terms,uint256 nonce,uint256 deadline)"
            "Recipient(uint8 kind,uint160 value)Scope(uint8 kind,bytes32 value)"
            "Terms(uint32 purposes,uint32 dataClasses,uint40 from,uint40 until)"
        );
        bytes32 scopeHash = keccak256(abi.encode(keccak256("Scope(uint8 kind,bytes32 value)"), scope));
        bytes32 recipientHash = keccak256(abi.encode(keccak256("Recipient(uint8 kind,uint160 value)"), recipient));
        bytes32 termsHash = keccak256(
            abi.encode(keccak256("Terms(uint32 purposes,uint32 dataClasses,uint40 from,uint40 until)"), terms)
        );
        bytes32 structHash = keccak256(
            abi.encode(typeHash, patient.wallet, scopeHash, recipientHash, termsHash, nonce, type(uint256).max)
        );
        bytes32 digest = healthchain.digestOf("Healthchain ConsentRegistry", address(registry), structHash);
        return healthchain.sign(patient, digest);
    }

    function _addSubject(Actor memory owner, uint8 dataClass, bytes32 salt) private {
        RecordId id = healthchain.register(owner, dataClass, salt);
        address doctor = _wallet(healthchain.doctor);
        _subjects.push(ConsentModel.Subject(RecordId.unwrap(id), owner.wallet, dataClass, doctor));
    }

    function _addRequester(address wallet, uint8 role, uint16 institution) private {
        _requesters.push(ConsentModel.Requester(wallet, role, institution));
    }

    function _patient(uint8 seed) private view returns (Actor memory) {
        (uint256 key, address wallet) = seed % 2 == 0 ? healthchain.patient() : healthchain.neighbour();
        return Actor(key, wallet);
    }

    function _wallet(function() external view returns (uint256, address) actor) private view returns (address wallet) {
        (, wallet) = actor();
    }
}
