// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccountCenter} from "../../contracts/accounts/IAccountCenter.sol";
import {IValidatorRegistry} from "../../contracts/consensus/IValidatorRegistry.sol";
import {Seat, SeatLib} from "../../contracts/consensus/Seat.sol";
import {AuditHandler__Harness as AuditHandler} from "./AuditHandler__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title CandidacyHandler__Harness
 * @notice Lets institutions stand, resign, lapse, be jailed and slashed at random, and elects. What the registry must refuse is tried too:
 * if it goes through, the action fails.
 */
abstract contract CandidacyHandler__Harness is AuditHandler {
    using SeatLib for Seat[];

    IValidatorRegistry.CandidateStatus private constant NONE = IValidatorRegistry.CandidateStatus.None;
    IValidatorRegistry.CandidateStatus private constant STANDING = IValidatorRegistry.CandidateStatus.Standing;
    IValidatorRegistry.CandidateStatus private constant RESIGNED = IValidatorRegistry.CandidateStatus.Resigned;
    IValidatorRegistry.CandidateStatus private constant JAILED = IValidatorRegistry.CandidateStatus.Jailed;
    IValidatorRegistry.CandidateStatus private constant TOMBSTONED = IValidatorRegistry.CandidateStatus.Tombstoned;
    uint256 private constant BASIS_POINTS = 10_000;
    uint256 private constant GWEI = 1e9;

    uint256 private immutable _slashFraction;

    /// @notice What the last election found, as {IValidatorRegistry-getValidators} should say until the next.
    address[] public elected;

    /// @dev The epoch in which the set of an epoch was elected.
    mapping(uint256 epoch => uint256) internal _electedIn;

    constructor(uint256 slashFraction) {
        _slashFraction = slashFraction;
    }

    function stand(uint24 step, uint8 who, uint16 commission, uint256 seed, uint8 hint) external {
        _tick(step);
        uint256 candidate = _someone(who, RESIGNED);
        uint256 account = candidate - 1;
        Candidate storage model = _candidates[candidate];
        commission %= 2_500;
        uint256 amount = _amount(seed);
        bool suffices = _stakes[candidate][account] + amount >= MIN_SELF_STAKE;
        bool mayStand = model.status == RESIGNED || (model.status == NONE && commission <= 2_000);

        vm.prank(accountAt(account));
        try registry.stand(commission, amount, hint % 8) {
            assert(model.certified && mayStand && suffices);
            _bond(candidate, account, amount);
            _put[account] += amount;
            model.status = STANDING;
            _done();
        } catch {
            assert(!model.certified || !mayStand || !suffices);
        }
    }

    function resign(uint24 step, uint8 who, uint8 whose) external {
        _tick(step);
        // Mostly one's own candidacy, and not so often that nobody stands.
        if (whose % 8 > 2) return;
        uint256 account = who % ACCOUNTS;
        uint256 candidate = whose % 8 == 0 ? 1 + (whose % INSTITUTIONS) : 1 + (account % INSTITUTIONS);
        vm.prank(accountAt(account));
        try registry.resign(uint16(candidate)) {
            assert(candidate == account + 1 && _isStanding(candidate));
            _candidates[candidate].status = RESIGNED;
            _done();
        } catch {
            assert(candidate != account + 1 || !_isStanding(candidate));
        }
    }

    function expel(uint24 step, uint8 whom) external {
        _tick(step);
        uint256 candidate = 1 + (whom % INSTITUTIONS);
        bool suffices = _stakes[candidate][candidate - 1] >= MIN_SELF_STAKE && _candidates[candidate].certified;
        try registry.expel(uint16(candidate)) {
            assert(_isStanding(candidate) && !suffices);
            _candidates[candidate].status = RESIGNED;
            _done();
        } catch {
            assert(!_isStanding(candidate) || suffices);
        }
    }

    /// @notice Suspends an institution's certificate, or makes it good again.
    function changeCertificate(uint24 step, uint8 whom) external {
        _tick(step);
        uint256 candidate = 1 + (whom % INSTITUTIONS);
        Candidate storage model = _candidates[candidate];
        // More often good than not.
        if (model.certified && whom % 4 != 0) return;
        model.certified = !model.certified;
        vm.prank(address(_healthchain));
        if (model.certified) accountCenter.reinstate(accountAt(candidate - 1));
        else accountCenter.suspend(accountAt(candidate - 1), IAccountCenter.Reason.Unspecified);
        _done();
    }

    function jail(uint24 step, uint8 whom) external {
        _tick(step);
        if (whom % 4 != 0) return;
        uint256 candidate = 1 + (whom % INSTITUTIONS);
        bool isOpen = _isStanding(candidate) || _candidates[candidate].status == RESIGNED;
        assert(registry.jail(uint16(candidate)) == isOpen);
        if (!isOpen) return;
        _jail(candidate);
        _done();
    }

    function unjail(uint24 step, uint8 who, uint8 hint) external {
        _tick(step);
        uint256 candidate = _someone(who, JAILED);
        Candidate storage model = _candidates[candidate];
        bool suffices = _stakes[candidate][candidate - 1] >= MIN_SELF_STAKE && model.certified;
        bool isOver = model.status == JAILED && clock >= model.jailedUntil;
        vm.prank(accountAt(candidate - 1));
        try registry.unjail(uint16(candidate), hint % 8) {
            assert(suffices && isOver);
            model.status = STANDING;
            _done();
        } catch {
            assert(!suffices || !isOver);
        }
    }

    /// @notice Slashes, and looks at everybody else's stake before and after.
    function slash(uint24 step, uint8 whom, uint8 ago) external {
        _tick(step);
        // So rarely that enough candidates are left for most of a run.
        if (whom % 4 != 3) return;
        uint256 candidate = 1 + (whom % INSTITUTIONS);
        uint256 epoch = _epoch();
        uint256 faultEpoch = epoch < ago % 4 ? epoch + 1 : epoch - (ago % 4);
        Candidate storage model = _candidates[candidate];
        bool isFirst = model.slashed == 0;
        bool isFault = faultEpoch != 0 && faultEpoch <= epoch && faultEpoch + UNBONDING > epoch;
        uint256 from = isFault ? _answerableFrom(faultEpoch) : 0;
        bool isPunishable = model.status != NONE && (isFirst || from < model.faultEpoch);
        uint256 atStake =
            isFirst
                ? bondedOf(candidate) + _leftBetween(candidate, from, type(uint256).max)
                : _leftBetween(candidate, from, model.faultEpoch);

        bytes32 others = _othersThan(candidate);
        uint256 held = coin.balanceOf(address(registry));
        uint256 supply = coin.totalSupply();
        try registry.slash(uint16(candidate), uint32(faultEpoch)) returns (uint256 burned) {
            assert(isFault && isPunishable);
            assert(burned == (atStake * _slashFraction) / BASIS_POINTS);
            assert(coin.balanceOf(address(registry)) == held - burned);
            assert(coin.totalSupply() == supply - burned);
            assert(_othersThan(candidate) == others);
            model.status = TOMBSTONED;
            model.faultEpoch = from;
            model.slashed = _slashFraction;
            _burned += burned;
            _done();
        } catch {
            assert(!isFault || !isPunishable);
        }
    }

    function elect(uint24 step) external {
        _tick(step);
        uint256 dueAt = registry.currentEpoch().startedAt() + EPOCH_LENGTH;
        // Half of them wait until the epoch is over.
        if (step % 2 == 0 && clock < dueAt) clock = dueAt;
        vm.warp(clock);
        uint256 epoch = _epoch();
        uint256 eligible = _eligible();
        bool isDue = (epoch == 0 && eligible >= 4) || (epoch != 0 && clock >= dueAt);
        try registry.elect() {
            assert(isDue);
            assert(_epoch() == epoch + 1);
            _electedIn[epoch + 1] = eligible >= 4 ? epoch + 1 : _electedIn[epoch];
            if (eligible >= 4) _checkElected(eligible);
            _done();
        } catch {
            assert(!isDue);
        }
    }

    /// @dev Mostly a candidate of this status, if there is one.
    function _someone(uint8 who, IValidatorRegistry.CandidateStatus status) internal view returns (uint256 candidate) {
        candidate = 1 + (who % INSTITUTIONS);
        if (who % 5 == 0) return candidate;
        for (uint256 i = 0; i < INSTITUTIONS && _candidates[candidate].status != status; ++i) {
            candidate = (candidate % INSTITUTIONS) + 1;
        }
    }

    /// @dev Of the usual kinds: nothing, a few wei, less than the minimum, more.
    function _amount(uint256 seed) internal pure returns (uint256) {
        if (seed % 8 == 0) return (seed >> 8) % 2;
        if (seed % 8 == 1) return (seed >> 8) % MIN_SELF_STAKE;
        return MIN_SELF_STAKE + ((seed >> 8) % 300 ether);
    }

    /// @dev The set is the candidates with the most power, in order, capped as little as possible.
    function _checkElected(uint256 eligible) private {
        (, , Seat[] memory seats) = registry.seatsOf(uint32(_epoch()));
        assert(seats.length == (eligible < SEATS ? eligible : SEATS));
        delete elected;
        bool[INSTITUTIONS + 1] memory isSeated;
        uint256 least = type(uint256).max;
        uint256 total;
        for (uint256 i = 0; i < seats.length; ++i) {
            uint256 candidate = seats[i].candidate();
            assert(i == 0 || candidate > seats[i - 1].candidate());
            assert(_isEligible(candidate));
            assert(seats[i].validator() == accountAt(candidate - 1));
            isSeated[candidate] = true;
            uint256 power = bondedOf(candidate) / GWEI;
            total += power;
            if (power < least) least = power;
            elected.push(seats[i].validator());
        }
        for (uint256 i = 1; i <= INSTITUTIONS; ++i) {
            assert(isSeated[i] || !_isEligible(i) || bondedOf(i) / GWEI <= least);
        }
        _checkCap(seats, total);
    }

    function _checkCap(Seat[] memory seats, uint256 uncapped) private view {
        uint256 capped;
        uint256 total = seats[seats.length - 1].end();
        for (uint256 i = 0; i < seats.length; ++i) {
            uint256 power = bondedOf(seats[i].candidate()) / GWEI;
            uint256 voting = seats.powerAt(i);
            assert(voting != 0 && voting * 3 < total && voting <= power);
            if (voting < power) ++capped;
        }
        assert(capped <= 2);
        if (capped == 0) assert(total == uncapped);
    }

    function _isEligible(uint256 candidate) private view returns (bool) {
        return _isStanding(candidate) && _candidates[candidate].certified;
    }

    function _eligible() private view returns (uint256 count) {
        for (uint256 i = 1; i <= INSTITUTIONS; ++i) if (_isEligible(i)) ++count;
    }

    /// @dev The first epoch that answers for a fault: the one of the election of its set, unless its unbonding is over.
    function _answerableFrom(uint256 faultEpoch) private view returns (uint256) {
        uint256 electedIn = _electedIn[faultEpoch];
        uint256 oldest = _epoch() < UNBONDING ? 1 : _epoch() + 1 - UNBONDING;
        return electedIn > oldest ? electedIn : oldest;
    }

    function _leftBetween(uint256 candidate, uint256 from, uint256 end) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _leaving.length; ++i) {
            Leaving storage leaving = _leaving[i];
            if (leaving.candidate == candidate && leaving.epoch >= from && leaving.epoch < end) sum += leaving.amount;
        }
    }

    /// @dev All that a slash must leave alone: other candidates' stake, and every reward.
    function _othersThan(uint256 candidate) private view returns (bytes32 digest) {
        for (uint16 i = 1; i <= INSTITUTIONS; ++i) {
            for (uint256 j = 0; j < ACCOUNTS; ++j) {
                if (_stakes[i][j] == 0 && _earned[i][j] == 0) continue;
                uint256 stake = i == candidate ? 0 : registry.stakeOf(i, accountAt(j));
                digest = keccak256(abi.encode(digest, stake, registry.rewardsOf(i, accountAt(j))));
            }
        }
    }
}
