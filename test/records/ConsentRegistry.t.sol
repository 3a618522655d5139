// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsentRegistry} from "../../contracts/records/ConsentRegistry.sol";
import {GrantKey, Recipient, RecipientKind, Scope, ScopeKind, Terms} from "../../contracts/records/Grant.sol";
import {IConsentRegistry} from "../../contracts/records/IConsentRegistry.sol";
import {RecordId} from "../../contracts/records/Record.sol";
import {ConsentModel__Harness as ConsentModel} from "../doubles/ConsentModel__Harness.sol";
import {Actor, Healthchain__Harness as Healthchain} from "../doubles/Healthchain__Harness.sol";
import {vm} from "../doubles/Vm.sol";

/// @notice Consent for any terms, any request and any time, against the model.
contract ConsentRegistryTest {
    /// @notice The randomness of one grant.
    struct Choice {
        uint8 scope;
        uint8 recipient;
        uint32 purposes;
        uint32 dataClasses;
        uint32 start;
        uint32 length;
    }

    /// @notice The randomness of one request.
    struct Request {
        uint8 requester;
        uint8 purpose;
        uint8 dataClass;
        uint32 delay;
    }

    uint32 private constant KNOWN = 2 ** 24 - 1;

    /// @dev Purposes and classes are asked for below this: those that exist, and some that do not.
    uint8 private constant CODES = 36;

    ConsentRegistry private _registry;
    ConsentModel private _model;
    ConsentModel.Subject private _subject;
    ConsentModel.Requester[] private _requesters;

    function setUp() external {
        Healthchain healthchain = new Healthchain();
        _registry = healthchain.consentRegistry();
        _model = new ConsentModel();
        (uint256 key, address patient) = healthchain.patient();
        (, address doctor) = healthchain.doctor();
        RecordId id = healthchain.register(Actor(key, patient), 24, "record");
        _subject = ConsentModel.Subject(RecordId.unwrap(id), patient, 24, doctor);
        (, address colleague) = healthchain.colleague();
        (, address researcher) = healthchain.researcher();
        (, address clinic) = healthchain.clinic();
        _requesters.push(ConsentModel.Requester(colleague, 2, 2));
        _requesters.push(ConsentModel.Requester(researcher, 4, 0));
        _requesters.push(ConsentModel.Requester(clinic, 3, 2));
    }

    /// @notice A permit implies a live grant that covers the request, and the other way round.
    function testFuzz_PermittedExactlyIfALiveGrantCoversIt(Choice[3] memory choices, Request memory request) external {
        for (uint256 i = 0; i < choices.length; ++i) _grant(choices[i]);
        vm.warp(block.timestamp + (request.delay % 10 days));
        assert(_isPermitted(request) == _isPermittedByModel(request));
    }

    /// @notice The same where the request falls into the first grant, but perhaps not in time.
    function testFuzz_PermittedWhileTheGrantLasts(Choice memory choice, uint8 requester, uint32 delay) external {
        (uint8 purpose, uint8 dataClass) = (uint8(choice.length % 24), uint8(choice.start % 24));
        choice.purposes |= uint32(1) << purpose;
        choice.dataClasses |= uint32(1) << dataClass;
        _grant(choice);
        vm.warp(block.timestamp + (delay % 10 days));
        Request memory request = Request(requester, purpose, dataClass, delay);
        assert(_isPermitted(request) == _isPermittedByModel(request));
    }

    /// @notice A revocation holds in its own block, and however long one waits.
    function testFuzz_ARevocationIsImmediateAndFinal(
        Choice memory choice,
        Request memory request,
        uint32 wait,
        bool all
    ) external {
        (Scope memory scope, Recipient memory recipient, Terms memory terms) = _termsOf(choice);
        _grant(choice);
        GrantKey key = _registry.grantKeyOf(_subject.patient, scope, recipient);
        vm.warp(block.timestamp + (wait % (terms.until - block.timestamp)));

        vm.prank(_subject.patient);
        if (all) _registry.revokeAll();
        else _registry.revoke(scope, recipient);

        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 j = 0; j < _requesters.length; ++j) {
                request.requester = uint8(j);
                assert(!_isPermitted(request));
                assert(!_isPermittedByKey(request, key));
            }
            vm.warp(block.timestamp + request.delay);
        }
        vm.expectRevert(abi.encodeWithSelector(IConsentRegistry.ConsentNotLive.selector, key));
        vm.prank(_subject.patient);
        _registry.revoke(scope, recipient);
    }

    /// @notice A narrowed grant permits a part of what it permitted, and nothing else.
    function testFuzz_NarrowingOnlyTakesAway(
        Choice memory choice,
        Request memory request,
        uint32 purposes,
        uint32 dataClasses,
        uint32 cut
    ) external {
        (Scope memory scope, Recipient memory recipient, Terms memory terms) = _termsOf(choice);
        purposes &= terms.purposes;
        dataClasses &= terms.dataClasses;
        vm.assume(purposes != 0 && dataClasses != 0);
        _grant(choice);
        uint256 start = block.timestamp;
        uint40 until = uint40(start + (cut % (terms.until - start + 1)));

        vm.warp(start + (request.delay % 10 days));
        bool before = _isPermitted(request);
        vm.warp(start);
        vm.prank(_subject.patient);
        _registry.narrow(scope, recipient, purposes, dataClasses, until);
        _model.narrow(0, purposes, dataClasses, until);
        vm.warp(start + (request.delay % 10 days));

        assert(_isPermitted(request) == _isPermittedByModel(request));
        assert(before || !_isPermitted(request));
    }

    /// @notice No key but that of a live grant that covers the request permits, and none makes the call revert.
    function testFuzz_AnyOtherKeyPermitsNothing(Choice memory choice, Request memory request, bytes32 key) external {
        _grant(choice);
        assert(!_isPermittedByKey(request, GrantKey.wrap(key)));
    }

    /// @notice The search and the decision's reason never contradict each other.
    function testFuzz_TheDecisionSaysTheSame(Choice[2] memory choices, Request memory request) external {
        for (uint256 i = 0; i < choices.length; ++i) _grant(choices[i]);
        vm.warp(block.timestamp + (request.delay % 10 days));
        IConsentRegistry.Decision decision = _registry.decisionOf(
            RecordId.wrap(_subject.id),
            _requesterOf(request).wallet,
            request.purpose % CODES,
            request.dataClass % CODES
        );
        assert(_isPermitted(request) == (decision <= IConsentRegistry.Decision.PermittedByBreakGlass));
    }

    function _grant(Choice memory choice) private {
        (Scope memory scope, Recipient memory recipient, Terms memory terms) = _termsOf(choice);
        vm.prank(_subject.patient);
        _registry.grant(scope, recipient, terms);
        _model.grant(_subject.patient, scope, recipient, terms, false);
    }

    function _termsOf(
        Choice memory choice
    ) private view returns (Scope memory scope, Recipient memory recipient, Terms memory terms) {
        if (choice.scope % 3 == 0) scope = Scope(ScopeKind.All, 0);
        else if (choice.scope % 3 == 1) scope = Scope(ScopeKind.Class, bytes32(uint256(24 + (choice.scope % 2))));
        else scope = Scope(ScopeKind.OneRecord, _subject.id);

        uint256 one = choice.recipient % 3;
        if (one == 0) recipient = Recipient(RecipientKind.Wallet, uint160(_requesters[choice.scope % 3].wallet));
        else if (one == 1) recipient = Recipient(RecipientKind.Institution, 1 + (choice.scope % 2));
        else recipient = Recipient(RecipientKind.Role, 2 + (choice.recipient % 4));

        terms.purposes = choice.purposes & KNOWN == 0 ? 1 : choice.purposes & KNOWN;
        terms.dataClasses = choice.dataClasses & KNOWN == 0 ? 1 : choice.dataClasses & KNOWN;
        terms.from = uint40(block.timestamp + (choice.start % 4 days));
        terms.until = uint40(terms.from + 1 + (choice.length % 8 days));
    }

    function _isPermitted(Request memory request) private view returns (bool) {
        return
            _registry.isPermitted(
                RecordId.wrap(_subject.id),
                _requesterOf(request).wallet,
                request.purpose % CODES,
                request.dataClass % CODES
            );
    }

    function _isPermittedByKey(Request memory request, GrantKey key) private view returns (bool) {
        return
            _registry.isPermitted(
                key,
                RecordId.wrap(_subject.id),
                _requesterOf(request).wallet,
                request.purpose % CODES,
                request.dataClass % CODES
            );
    }

    function _isPermittedByModel(Request memory request) private view returns (bool) {
        return _model.permits(_subject, _requesterOf(request), request.purpose % CODES, request.dataClass % CODES);
    }

    function _requesterOf(Request memory request) private view returns (ConsentModel.Requester memory) {
        return _requesters[request.requester % _requesters.length];
    }
}
