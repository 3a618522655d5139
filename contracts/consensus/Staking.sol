// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Governed} from "../Governed.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {Epoch} from "./Epoch.sol";
import {IValidatorRegistry} from "./IValidatorRegistry.sol";
import {Rank} from "./Rank.sol";
import {Ranking} from "./Ranking.sol";

/**
 * @title Staking
 * @notice The delegators' half of the {ValidatorRegistry}: who has how much at stake with whom, what is unbonding, what was earned.
 * @dev A candidate is slashed at most once in its life, so stake is kept in wei as it was put in, and the slash is applied when it is paid
 * out: no delegator's action depends on the others' number.
 */
abstract contract Staking is IValidatorRegistry, Governed {
    using Ranking for mapping(uint16 => Rank);
    using SafeCast for uint256;
    using SafeERC20 for IMedicalCoin;

    /// @dev The unit of voting power.
    uint256 internal constant GWEI = 1e9;
    uint256 internal constant BASIS_POINTS = 10_000;
    /// @dev Rewards per stake are kept as multiples of 2^-64.
    uint256 private constant REWARD_SHIFT = 64;

    /// @inheritdoc IValidatorRegistry
    IMedicalCoin public immutable medicalCoin;

    /// @inheritdoc IValidatorRegistry
    Epoch public currentEpoch;

    Rules internal _rules;

    /// @inheritdoc IValidatorRegistry
    mapping(uint16 candidate => Rank) public ranks;

    /// @inheritdoc IValidatorRegistry
    uint256 public standingCount;

    mapping(uint16 candidate => Candidacy) internal _candidacies;

    mapping(uint16 candidate => Pool) internal _pools;

    mapping(uint16 candidate => mapping(address delegator => Position)) internal _positions;

    /// @dev Rewards that are earned but not claimed, as far as a change of the position made it necessary to write them down; commission.
    mapping(uint16 candidate => mapping(address account => uint256)) private _credits;

    mapping(uint16 candidate => mapping(address delegator => mapping(uint32 epoch => uint256))) private _unbonding;

    mapping(uint16 candidate => mapping(uint32 epoch => uint256)) private _unbondingTotals;

    mapping(uint16 candidate => mapping(address delegator => Answerable)) private _answerables;

    constructor(IMedicalCoin medicalCoin_) {
        // Then the power of all candidates together fits 64 bits, and a stake 96 bits.
        uint256 limit = type(uint64).max * GWEI;
        uint256 cap = medicalCoin_.emissionCap();
        if (cap > limit) revert EmissionCapTooLarge(cap, limit);
        medicalCoin = medicalCoin_;
    }

    /// @inheritdoc IValidatorRegistry
    function delegate(uint16 candidate, uint256 amount, uint16 hint) external {
        if (amount == 0) revert AmountZero();
        Rank rank = ranks[candidate];
        if (!rank.isStanding()) {
            CandidateStatus status = _candidacies[candidate].status;
            bool isOwn = msg.sender == rank.operator() && status != CandidateStatus.Tombstoned;
            if (!isOwn) revert CandidateStatusMismatch(candidate, status);
        }
        _bond(candidate, msg.sender, amount);
        _rerank(candidate, hint);
        emit Delegated(msg.sender, candidate, amount);
        medicalCoin.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IValidatorRegistry
    function undelegate(uint16 candidate, uint256 amount, uint16 hint) external {
        uint32 epoch = currentEpoch.number();
        _leave(candidate, amount, hint);
        _unbonding[candidate][msg.sender][epoch] += amount;
        _unbondingTotals[candidate][epoch] += amount;
        emit Undelegated(msg.sender, candidate, amount, epoch);
    }

    /// @inheritdoc IValidatorRegistry
    function redelegate(uint16 from, uint16 to, uint256 amount, uint16 fromHint, uint16 toHint) external {
        if (from == to) revert RedelegationInvalid(to);
        CandidateStatus status = _candidacies[from].status;
        if (status == CandidateStatus.Tombstoned) revert CandidateStatusMismatch(from, status);
        if (!ranks[to].isStanding()) revert CandidateStatusMismatch(to, _candidacies[to].status);

        uint32 epoch = currentEpoch.number();
        _leave(from, amount, fromHint);
        _answer(to, msg.sender);
        Answerable storage answerable = _answerables[to][msg.sender];
        if (answerable.stake != 0 && answerable.from != from) {
            revert StakeAnswerable(answerable.stake, answerable.epoch + _rules.unbondingEpochs);
        }
        // At most a position, which fits.
        _answerables[to][msg.sender] = Answerable(from, epoch, answerable.stake + uint96(amount));
        _bond(to, msg.sender, amount);
        _rerankAfterLoss(to, msg.sender, toHint);
        emit Redelegated(msg.sender, from, to, amount, epoch);
    }

    /// @inheritdoc IValidatorRegistry
    function settleAnswerable(address delegator, uint16 candidate, uint16 hint) external {
        _answer(candidate, delegator);
        _rerankAfterLoss(candidate, delegator, hint);
    }

    /// @inheritdoc IValidatorRegistry
    function claimUnbonded(uint16 candidate, uint32 epoch) external {
        uint256 amount = _unbonding[candidate][msg.sender][epoch];
        if (amount == 0) revert NothingUnbonding(candidate, epoch);
        uint32 until = epoch + _rules.unbondingEpochs;
        if (currentEpoch.number() < until) revert StillUnbonding(until);

        delete _unbonding[candidate][msg.sender][epoch];
        _unbondingTotals[candidate][epoch] -= amount;
        uint256 paid = _afterSlash(candidate, amount, epoch);
        emit UnbondedClaimed(msg.sender, candidate, epoch, paid);
        medicalCoin.safeTransfer(msg.sender, paid);
    }

    /// @inheritdoc IValidatorRegistry
    function claimRewards(uint16 candidate) external returns (uint256 amount) {
        amount = rewardsOf(candidate, msg.sender);
        if (amount == 0) return 0;
        delete _credits[candidate][msg.sender];
        _positions[candidate][msg.sender].rewardPaid = _pools[candidate].rewardPerStake;
        emit RewardsClaimed(msg.sender, candidate, amount);
        medicalCoin.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IValidatorRegistry
    function reward(
        uint32 epoch,
        uint16[] calldata candidates,
        uint256[] calldata amounts
    ) external restricted returns (uint256 total) {
        for (uint256 i; i < candidates.length; ++i) {
            uint16 candidate = candidates[i];
            Candidacy memory candidacy = _candidacies[candidate];
            if (candidacy.status == CandidateStatus.Tombstoned || _pools[candidate].bonded == 0) continue;
            _reward(candidate, candidacy, epoch, amounts[i]);
            total += amounts[i];
        }
    }

    /// @inheritdoc IValidatorRegistry
    function candidacyOf(uint16 candidate) external view returns (Candidacy memory) {
        return _candidacies[candidate];
    }

    /// @inheritdoc IValidatorRegistry
    function poolOf(uint16 candidate) external view returns (Pool memory) {
        return _pools[candidate];
    }

    /// @inheritdoc IValidatorRegistry
    function positionOf(uint16 candidate, address delegator) external view returns (Position memory) {
        return _positions[candidate][delegator];
    }

    /// @inheritdoc IValidatorRegistry
    function answerableOf(uint16 candidate, address delegator) external view returns (Answerable memory) {
        return _answerables[candidate][delegator];
    }

    /// @inheritdoc IValidatorRegistry
    function unbondingOf(uint16 candidate, address delegator, uint32 epoch) external view returns (uint256) {
        return _unbonding[candidate][delegator][epoch];
    }

    /// @inheritdoc IValidatorRegistry
    function stakeOf(uint16 candidate, address delegator) external view returns (uint256) {
        return _afterSlash(candidate, _positions[candidate][delegator].stake, currentEpoch.number());
    }

    /// @inheritdoc IValidatorRegistry
    function rewardsOf(uint16 candidate, address account) public view returns (uint256) {
        Position storage position = _positions[candidate][account];
        uint256 grown = _pools[candidate].rewardPerStake - position.rewardPaid;
        return _credits[candidate][account] + ((position.stake * grown) >> REWARD_SHIFT);
    }

    /// @dev Burns the slashed part of `bonded` and of all stake that left in the epochs from `from` to before `end`.
    function _burnStake(uint16 candidate, uint256 bonded, uint32 from, uint32 end) internal returns (uint256 burned) {
        uint256 atStake = bonded;
        // At most the epochs of one unbonding.
        for (uint32 epoch = from; epoch < end; ++epoch) atStake += _unbondingTotals[candidate][epoch];
        // Rounded down, so that what stays covers every position's part, rounded down too.
        burned = (atStake * _candidacies[candidate].slashed) / BASIS_POINTS;
        _burn(burned);
    }

    /// @dev Puts `amount` at stake, whose coin the caller takes or has.
    function _bond(uint16 candidate, address delegator, uint256 amount) internal {
        Pool memory pool = _pools[candidate];
        Position memory position = _credited(candidate, delegator, pool.rewardPerStake);
        uint96 added = amount.toUint96();
        position.stake += added;
        pool.bonded += added;
        _positions[candidate][delegator] = position;
        _pools[candidate] = pool;
    }

    /// @dev Ends standing.
    function _unrank(uint16 candidate, CandidateStatus status) internal {
        ranks.remove(candidate);
        --standingCount;
        _candidacies[candidate].status = status;
    }

    /// @dev Puts a standing candidate where its power belongs.
    function _rerank(uint16 candidate, uint16 hint) internal {
        if (ranks[candidate].isStanding()) ranks.update(candidate, _powerOf(candidate), hint);
    }

    /// @dev In gwei. At least 1 for a standing candidate, whose own stake is at least 1 gwei.
    function _powerOf(uint16 candidate) internal view returns (uint256) {
        return _pools[candidate].bonded / GWEI;
    }

    /// @dev Takes the sender's stake out of a pool, as far as it is free to go.
    function _leave(uint16 candidate, uint256 amount, uint16 hint) private {
        if (amount == 0) revert AmountZero();
        _answer(candidate, msg.sender);
        uint256 stake = _positions[candidate][msg.sender].stake;
        if (amount > stake) revert StakeInsufficient(amount, stake);
        Answerable storage answerable = _answerables[candidate][msg.sender];
        if (stake - amount < answerable.stake) {
            revert StakeAnswerable(answerable.stake, answerable.epoch + _rules.unbondingEpochs);
        }
        _unbond(candidate, msg.sender, amount);
        _rerankAfterLoss(candidate, msg.sender, hint);
    }

    function _unbond(uint16 candidate, address delegator, uint256 amount) private {
        Pool memory pool = _pools[candidate];
        Position memory position = _credited(candidate, delegator, pool.rewardPerStake);
        // At most the position, which is a uint96.
        position.stake -= uint96(amount);
        pool.bonded -= uint96(amount);
        _positions[candidate][delegator] = position;
        _pools[candidate] = pool;
    }

    /// @dev An operator whose own stake no longer suffices resigns.
    function _rerankAfterLoss(uint16 candidate, address delegator, uint16 hint) private {
        Rank rank = ranks[candidate];
        if (!rank.isStanding()) return;
        bool isOwn = rank.operator() == delegator;
        if (isOwn && _positions[candidate][delegator].stake < _rules.minSelfStake) {
            _unrank(candidate, CandidateStatus.Resigned);
            emit CandidateResigned(candidate);
        } else {
            _rerank(candidate, hint);
        }
    }

    /// @dev Settles what a position answers for: burned, free, or (then it stays written) still open. The position always holds as much.
    function _answer(uint16 candidate, address delegator) private {
        Answerable memory answerable = _answerables[candidate][delegator];
        if (answerable.stake == 0) return;
        Candidacy memory former = _candidacies[answerable.from];
        bool owes = former.status == CandidateStatus.Tombstoned && former.faultEpoch <= answerable.epoch;
        if (!owes && currentEpoch.number() < answerable.epoch + _rules.unbondingEpochs) return;

        delete _answerables[candidate][delegator];
        if (!owes) return;
        uint256 owed = (answerable.stake * uint256(former.slashed)) / BASIS_POINTS;
        _unbond(candidate, delegator, owed);
        // If the present candidate was slashed as well, that part is gone already.
        uint256 burned = _afterSlash(candidate, owed, currentEpoch.number());
        emit RedelegationSlashed(delegator, answerable.from, candidate, burned);
        _burn(burned);
    }

    function _reward(uint16 candidate, Candidacy memory candidacy, uint32 epoch, uint256 amount) private {
        Pool storage pool = _pools[candidate];
        uint256 rate = epoch < candidacy.commissionFrom ? candidacy.commission : candidacy.nextCommission;
        uint256 commission = (amount * rate) / BASIS_POINTS;
        if (commission != 0) _credits[candidate][ranks[candidate].operator()] += commission;
        // All coin there is fits 94 bits, and a stake is at least 1 wei: the sum stays below 2^158.
        pool.rewardPerStake += uint160(((amount - commission) << REWARD_SHIFT) / pool.bonded);
        emit Rewarded(candidate, epoch, amount, commission);
    }

    /// @dev A position whose rewards so far are written down as credits. The caller changes its stake and keeps it.
    function _credited(
        uint16 candidate,
        address delegator,
        uint160 rewardPerStake
    ) private returns (Position memory position) {
        position = _positions[candidate][delegator];
        uint256 earned = (uint256(position.stake) * (rewardPerStake - position.rewardPaid)) >> REWARD_SHIFT;
        if (earned != 0) _credits[candidate][delegator] += earned;
        position.rewardPaid = rewardPerStake;
    }

    function _burn(uint256 amount) private {
        ERC20Burnable(address(medicalCoin)).burn(amount);
    }

    /// @dev What is left of stake that was with the candidate in `epoch`.
    function _afterSlash(uint16 candidate, uint256 amount, uint32 epoch) private view returns (uint256) {
        Candidacy memory candidacy = _candidacies[candidate];
        if (candidacy.status != CandidateStatus.Tombstoned || epoch < candidacy.faultEpoch) return amount;
        return (amount * (BASIS_POINTS - candidacy.slashed)) / BASIS_POINTS;
    }
}
