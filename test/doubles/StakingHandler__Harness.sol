// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IValidatorRegistry} from "../../contracts/consensus/IValidatorRegistry.sol";
import {CandidacyHandler__Harness as CandidacyHandler} from "./CandidacyHandler__Harness.sol";
import {Healthchain__Harness as Healthchain} from "./Healthchain__Harness.sol";
import {StakingModel__Harness as StakingModel} from "./StakingModel__Harness.sol";
import {Validators__Harness as Validators} from "./Validators__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title StakingHandler__Harness
 * @notice Lets institutions and delegators stake, move, withdraw and earn at random, next to all that candidates do, and tells the model
 * the same. What the registry must refuse is tried too: if it goes through, the action fails.
 */
contract StakingHandler__Harness is CandidacyHandler {
    /// @notice What a run's end is checked against; see {booksOf}.
    struct Books {
        uint256 put;
        uint256 returned;
        uint256 stake;
        uint256 unbonding;
    }

    constructor(
        Healthchain healthchain,
        uint16 slashFraction
    ) Validators(healthchain, slashFraction) StakingModel() CandidacyHandler(slashFraction) {
        // All but one stand from the start, and are elected.
        for (uint256 i = 0; i + 1 < INSTITUTIONS; ++i) {
            uint256 amount = MIN_SELF_STAKE * (i + 1) + i;
            vm.prank(accountAt(i));
            registry.stand(1_000, amount, 0);
            _bond(i + 1, i, amount);
            _put[i] = amount;
            _candidates[i + 1].status = IValidatorRegistry.CandidateStatus.Standing;
        }
        registry.elect();
        _electedIn[1] = 1;
        for (uint256 i = 1; i + 1 < INSTITUTIONS; ++i) elected.push(accountAt(i));
    }

    function delegate(uint24 step, uint8 who, uint8 whom, uint256 seed, uint8 hint) external {
        _tick(step);
        uint256 account = who % ACCOUNTS;
        uint256 candidate = _someone(whom, IValidatorRegistry.CandidateStatus.Standing);
        uint256 amount = _amount(seed);
        IValidatorRegistry.CandidateStatus status = _candidates[candidate].status;
        bool isOwn = candidate == account + 1 && status != IValidatorRegistry.CandidateStatus.None;
        bool isOpen = isOwn ? status != IValidatorRegistry.CandidateStatus.Tombstoned : _isStanding(candidate);

        vm.prank(accountAt(account));
        try registry.delegate(uint16(candidate), amount, hint % 8) {
            assert(isOpen && amount != 0);
            _bond(candidate, account, amount);
            _put[account] += amount;
            _done();
        } catch {
            assert(!isOpen || amount == 0);
        }
    }

    function undelegate(uint24 step, uint8 who, uint8 whom, uint256 seed, uint8 hint) external {
        _tick(step);
        (uint256 account, uint256 candidate) = _pair(who, whom);
        uint256 amount = _part(candidate, account, seed);
        bool isFree = _isFree(candidate, account, amount);
        vm.prank(accountAt(account));
        try registry.undelegate(uint16(candidate), amount, hint % 8) {
            assert(isFree);
            _answer(candidate, account);
            _stakes[candidate][account] -= amount;
            _checkSelfStake(candidate, account);
            _addLeaving(candidate, account, amount);
            ++_roundings;
            _done();
        } catch {
            assert(!isFree);
        }
    }

    function redelegate(uint24 step, uint8 who, uint8 from, uint8 to, uint256 seed, uint8 hint) external {
        _tick(step);
        (uint256 account, uint256 former) = _pair(who, from);
        // Often to one's own candidacy.
        uint256 candidate = _someone(to, IValidatorRegistry.CandidateStatus.Standing);
        if (to % 4 == 0) candidate = 1 + (account % INSTITUTIONS);
        uint256 amount = _part(former, account, seed);
        bool isFree = _isFree(former, account, amount) && _candidates[former].slashed == 0 && _isStanding(candidate);
        (, Moved memory open) = _answered(candidate, account);
        bool isAlone = former != candidate && (open.stake == 0 || open.from == former);

        vm.prank(accountAt(account));
        try registry.redelegate(uint16(former), uint16(candidate), amount, hint % 8, (hint >> 3) % 8) {
            assert(isFree && isAlone);
            _answer(former, account);
            _stakes[former][account] -= amount;
            _checkSelfStake(former, account);
            _answer(candidate, account);
            _moved[candidate][account] = Moved(former, _epoch(), open.stake + amount);
            _bond(candidate, account, amount);
            _checkSelfStake(candidate, account);
            ++_roundings;
            _done();
        } catch {
            assert(!isFree || !isAlone);
        }
    }

    function settleAnswerable(uint24 step, uint8 who, uint8 whom, uint8 hint) external {
        _tick(step);
        (uint256 account, uint256 candidate) = _pair(who, whom);
        registry.settleAnswerable(accountAt(account), uint16(candidate), hint % 8);
        if (_moved[candidate][account].stake != 0) _done();
        _answer(candidate, account);
        _checkSelfStake(candidate, account);
    }

    /// @notice Claims what has left, when it may; half of the time by somebody to whom it does not belong.
    function claimUnbonded(uint24 step, uint256 index, uint8 who) external {
        _tick(step);
        if (_leaving.length == 0) return;
        index %= _leaving.length;
        Leaving memory leaving = _leaving[index];
        uint256 account = who % 2 == 0 ? leaving.account : (who >> 1) % ACCOUNTS;
        (bool hasOwn, ) = _find(leaving.candidate, account, leaving.epoch);
        if (account != leaving.account && hasOwn) return;
        bool isMine = account == leaving.account && _epoch() >= leaving.epoch + UNBONDING;
        uint256 balance = coin.balanceOf(accountAt(account));
        vm.prank(accountAt(account));
        try registry.claimUnbonded(uint16(leaving.candidate), uint32(leaving.epoch)) {
            assert(isMine);
            uint256 paid = coin.balanceOf(accountAt(account)) - balance;
            assert(paid == leftOf(leaving.candidate, leaving.amount, leaving.epoch));
            _returned[account] += paid;
            _leaving[index] = _leaving[_leaving.length - 1];
            _leaving.pop();
            ++_roundings;
            _done();
        } catch {
            assert(!isMine);
        }
    }

    function claimRewards(uint24 step, uint8 who, uint8 whom) external {
        _tick(step);
        (uint256 account, uint256 candidate) = _pair(who, whom);
        uint256 balance = coin.balanceOf(accountAt(account));
        vm.prank(accountAt(account));
        uint256 amount = registry.claimRewards(uint16(candidate));
        assert(coin.balanceOf(accountAt(account)) - balance == amount);
        assert(registry.rewardsOf(uint16(candidate), accountAt(account)) == 0);
        _paidRewards[candidate][account] += amount;
        ++_roundings;
        if (amount != 0) _done();
    }

    /// @notice Pays two candidates as the certifier does.
    function reward(uint24 step, uint8 whom, uint128 amount, uint128 otherAmount) external {
        _tick(step);
        uint16[] memory candidates = new uint16[](2);
        uint256[] memory amounts = new uint256[](2);
        candidates[0] = uint16(1 + (whom % INSTITUTIONS));
        candidates[1] = uint16(1 + ((uint256(whom) + 1) % INSTITUTIONS));
        amounts[0] = amount % 10 ether;
        amounts[1] = otherAmount % 10 ether;
        uint256 expected;
        for (uint256 i = 0; i < 2; ++i) {
            if (!_isEarning(candidates[i])) continue;
            expected += amounts[i];
            _shareReward(candidates[i], _epoch(), amounts[i]);
        }
        uint256 total = registry.reward(uint32(_epoch()), candidates, amounts);
        assert(total == expected);
        coin.mint(address(registry), total);
        _done();
    }

    function announceCommission(uint24 step, uint8 who, uint8 whose, uint16 commission) external {
        _tick(step);
        uint256 account = who % ACCOUNTS;
        uint256 candidate = whose % 4 == 0 ? 1 + (whose % INSTITUTIONS) : 1 + (account % INSTITUTIONS);
        commission %= 2_500;
        bool isOwn = candidate == account + 1 && !_isUnknown(candidate);
        bool mayAnnounce = isOwn && _candidates[candidate].slashed == 0 && !_isChanging(candidate);
        vm.prank(accountAt(account));
        try registry.announceCommission(uint16(candidate), commission) {
            assert(mayAnnounce && commission <= 2_000);
            _done();
        } catch {
            assert(!mayAnnounce || commission > 2_000);
        }
    }

    /// @notice Lets up to two epochs' time pass.
    function pass(uint24 step) external {
        clock += step % (2 * EPOCH_LENGTH);
        _tick(step);
        _done();
    }

    /// @notice Whether the registry has of this pair what the model has.
    function isInBooks(uint16 candidate, uint256 account) external view returns (bool) {
        address wallet = accountAt(account);
        uint256 stake = leftOf(candidate, _stakes[candidate][account], _epoch());
        uint256 earned = _earned[candidate][account] / FINE;
        uint256 rewards = registry.rewardsOf(candidate, wallet) + _paidRewards[candidate][account];
        IValidatorRegistry.Answerable memory answerable = registry.answerableOf(candidate, wallet);
        return
            registry.positionOf(candidate, wallet).stake == _stakes[candidate][account] &&
            registry.stakeOf(candidate, wallet) == stake &&
            answerable.stake == _moved[candidate][account].stake &&
            rewards <= earned + 1 &&
            rewards + _roundings + 1 >= earned;
    }

    /// @notice Whether the registry has the candidate as the model has.
    function isInBooks(uint16 candidate) external view returns (bool) {
        return
            registry.candidacyOf(candidate).status == _candidates[candidate].status &&
            registry.poolOf(candidate).bonded == bondedOf(candidate);
    }

    /// @notice Coin that an account put in, got back of it, and has there, by the registry's own words.
    function booksOf(uint256 account) external view returns (Books memory books) {
        address wallet = accountAt(account);
        books.put = _put[account];
        books.returned = _returned[account];
        for (uint16 i = 1; i <= INSTITUTIONS; ++i) {
            if (_stakes[i][account] != 0) books.stake += registry.stakeOf(i, wallet);
        }
        for (uint256 i = 0; i < _leaving.length; ++i) {
            Leaving memory leaving = _leaving[i];
            if (leaving.account != account) continue;
            uint256 amount = registry.unbondingOf(uint16(leaving.candidate), wallet, uint32(leaving.epoch));
            books.unbonding += leftOf(leaving.candidate, amount, leaving.epoch);
        }
    }

    /// @notice All rewards that can be claimed, by the registry's own words.
    function unclaimed() external view returns (uint256 sum) {
        for (uint16 i = 1; i <= INSTITUTIONS; ++i) {
            for (uint256 j = 0; j < ACCOUNTS; ++j) {
                if (_earned[i][j] != 0) sum += registry.rewardsOf(i, accountAt(j));
            }
        }
    }

    /// @notice What divisions can have left in the registry without an owner, in wei.
    function roundings() external view returns (uint256) {
        return _roundings + 2 * INSTITUTIONS * ACCOUNTS + _leaving.length;
    }

    function burned() external view returns (uint256) {
        return _burned;
    }

    function rewarded() external view returns (uint256) {
        return _rewarded;
    }

    function isStanding(uint256 candidate) external view returns (bool) {
        return _isStanding(candidate);
    }

    function accounts() external pure returns (uint256) {
        return ACCOUNTS;
    }

    function institutions() external pure returns (uint256) {
        return INSTITUTIONS;
    }

    function electedCount() external view returns (uint256) {
        return elected.length;
    }

    function _addLeaving(uint256 candidate, uint256 account, uint256 amount) private {
        (bool found, uint256 index) = _find(candidate, account, _epoch());
        if (found) _leaving[index].amount += amount;
        else _leaving.push(Leaving(candidate, account, _epoch(), amount));
    }

    function _find(uint256 candidate, uint256 account, uint256 epoch) private view returns (bool, uint256) {
        for (uint256 i = 0; i < _leaving.length; ++i) {
            Leaving storage leaving = _leaving[i];
            if (leaving.candidate == candidate && leaving.account == account && leaving.epoch == epoch) {
                return (true, i);
            }
        }
        return (false, 0);
    }

    /// @dev The epoch before is not paid yet, and is still to be at the rate before.
    function _isChanging(uint256 candidate) private view returns (bool) {
        IValidatorRegistry.Candidacy memory candidacy = registry.candidacyOf(uint16(candidate));
        return candidacy.commissionFrom == _epoch() && candidacy.commission != candidacy.nextCommission;
    }

    function _isUnknown(uint256 candidate) private view returns (bool) {
        return _candidates[candidate].status == IValidatorRegistry.CandidateStatus.None;
    }

    /// @dev Mostly a pair with something at stake.
    function _pair(uint8 who, uint8 whom) private view returns (uint256 account, uint256 candidate) {
        account = who % ACCOUNTS;
        candidate = 1 + (whom % INSTITUTIONS);
        if (whom % 5 == 0) return (account, candidate);
        for (uint256 i = 0; i < INSTITUTIONS * ACCOUNTS && _stakes[candidate][account] == 0; ++i) {
            candidate = (candidate % INSTITUTIONS) + 1;
            if (i % INSTITUTIONS == INSTITUTIONS - 1) account = (account + 1) % ACCOUNTS;
        }
    }

    /// @dev Mostly a part of the position, often all of it or all that is free, sometimes too much.
    function _part(uint256 candidate, uint256 account, uint256 seed) private view returns (uint256) {
        (uint256 stake, Moved memory open) = _answered(candidate, account);
        if (seed % 8 == 0) return stake;
        if (seed % 8 == 1) return stake - open.stake;
        if (seed % 8 == 2) return stake + 1 - open.stake;
        return (seed >> 8) % (stake + 1);
    }

    function _isFree(uint256 candidate, uint256 account, uint256 amount) private view returns (bool) {
        (uint256 stake, Moved memory open) = _answered(candidate, account);
        return amount != 0 && amount + open.stake <= stake;
    }
}
