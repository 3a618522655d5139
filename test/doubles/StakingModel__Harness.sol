// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IValidatorRegistry} from "../../contracts/consensus/IValidatorRegistry.sol";
import {Healthchain__Harness as Healthchain} from "./Healthchain__Harness.sol";
import {Validators__Harness} from "./Validators__Harness.sol";

/**
 * @title StakingModel__Harness
 * @notice What the registry's staking should come to, kept in the plainest way: every list is walked, every sum is added up anew. Accounts
 * go by their index; institution `i` is candidate `i + 1`.
 */
abstract contract StakingModel__Harness is Validators__Harness {
    uint256 private constant BASIS_POINTS = 10_000;
    /// @dev The model's rewards are kept in this part of a wei.
    uint256 internal constant FINE = 1e12;

    /// @notice A candidate as it should be.
    struct Candidate {
        IValidatorRegistry.CandidateStatus status;
        bool certified;
        uint256 jailedUntil;
        uint256 faultEpoch;
        uint256 slashed;
    }

    /// @notice Stake that answers for the candidate that it backed before.
    struct Moved {
        uint256 from;
        uint256 epoch;
        uint256 stake;
    }

    /// @notice Stake that left and was not claimed.
    struct Leaving {
        uint256 candidate;
        uint256 account;
        uint256 epoch;
        uint256 amount;
    }

    Candidate[INSTITUTIONS + 1] internal _candidates;
    uint256[ACCOUNTS][INSTITUTIONS + 1] internal _stakes;
    Moved[ACCOUNTS][INSTITUTIONS + 1] internal _moved;
    Leaving[] internal _leaving;

    /// @dev Rewards, commission included, that an account should have earned with a candidate, in parts of a wei.
    uint256[ACCOUNTS][INSTITUTIONS + 1] internal _earned;
    uint256[ACCOUNTS][INSTITUTIONS + 1] internal _paidRewards;

    /// @dev Coin that an account staked, and got back of it.
    uint256[ACCOUNTS] internal _put;
    uint256[ACCOUNTS] internal _returned;

    uint256 internal _rewarded;
    uint256 internal _burned;
    /// @dev Divisions so far, each of which loses less than a wei.
    uint256 internal _roundings;

    constructor() {
        for (uint256 i = 1; i <= INSTITUTIONS; ++i) _candidates[i].certified = true;
    }

    /// @notice All stake of a candidate, before any slash.
    function bondedOf(uint256 candidate) public view returns (uint256 sum) {
        for (uint256 i = 0; i < ACCOUNTS; ++i) sum += _stakes[candidate][i];
    }

    /// @notice What is left of stake that was with a candidate in an epoch.
    function leftOf(uint256 candidate, uint256 amount, uint256 epoch) public view returns (uint256) {
        Candidate storage model = _candidates[candidate];
        bool isTouched = model.slashed != 0 && epoch >= model.faultEpoch;
        return isTouched ? (amount * (BASIS_POINTS - model.slashed)) / BASIS_POINTS : amount;
    }

    /// @notice How many candidates stand.
    function standing() public view returns (uint256 count) {
        for (uint256 i = 1; i <= INSTITUTIONS; ++i) if (_isStanding(i)) ++count;
    }

    /// @dev Who is tombstoned, or has nothing at stake, earns nothing.
    function _isEarning(uint256 candidate) internal view returns (bool) {
        return _candidates[candidate].slashed == 0 && bondedOf(candidate) != 0;
    }

    function _isStanding(uint256 candidate) internal view returns (bool) {
        return _candidates[candidate].status == IValidatorRegistry.CandidateStatus.Standing;
    }

    function _epoch() internal view returns (uint256) {
        return registry.currentEpoch().number();
    }

    function _bond(uint256 candidate, uint256 account, uint256 amount) internal {
        _stakes[candidate][account] += amount;
        ++_roundings;
    }

    /// @dev What a position owes for the candidate before comes off it; what is free is forgotten.
    function _answer(uint256 candidate, uint256 account) internal {
        (uint256 stake, Moved memory open) = _answered(candidate, account);
        _burned += leftOf(candidate, _stakes[candidate][account] - stake, _epoch());
        _stakes[candidate][account] = stake;
        _moved[candidate][account] = open;
        _roundings += 2;
    }

    /// @dev What {_answer} leaves of a position: its stake, and the part that has to stay.
    function _answered(uint256 candidate, uint256 account) internal view returns (uint256 stake, Moved memory open) {
        stake = _stakes[candidate][account];
        Moved memory moved = _moved[candidate][account];
        Candidate storage former = _candidates[moved.from];
        bool owes = former.slashed != 0 && moved.epoch >= former.faultEpoch;
        if (owes) stake -= (moved.stake * former.slashed) / BASIS_POINTS;
        else if (_epoch() < moved.epoch + UNBONDING) open = moved;
    }

    /// @dev An operator whose own stake does not suffice stands no more.
    function _checkSelfStake(uint256 candidate, uint256 account) internal {
        bool isOwn = candidate == account + 1;
        if (!isOwn || !_isStanding(candidate) || _stakes[candidate][account] >= MIN_SELF_STAKE) return;
        _candidates[candidate].status = IValidatorRegistry.CandidateStatus.Resigned;
    }

    /// @dev A reward reaches everybody by stake, after the operator's commission.
    function _shareReward(uint256 candidate, uint256 epoch, uint256 amount) internal {
        IValidatorRegistry.Candidacy memory candidacy = registry.candidacyOf(uint16(candidate));
        uint256 bonded = bondedOf(candidate);
        uint256 rate = epoch < candidacy.commissionFrom ? candidacy.commission : candidacy.nextCommission;
        uint256 commission = (amount * rate) / BASIS_POINTS;
        _earned[candidate][candidate - 1] += commission * FINE;
        _rewarded += amount;
        // A reward per stake is kept in multiples of 2^-64.
        _roundings += 1 + (bonded >> 64);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            _earned[candidate][i] += ((amount - commission) * FINE * _stakes[candidate][i]) / bonded;
        }
    }
}
