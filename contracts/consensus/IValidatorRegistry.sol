// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {Epoch} from "./Epoch.sol";
import {Rank} from "./Rank.sol";
import {Seat} from "./Seat.sol";

/**
 * @title IValidatorRegistry
 * @notice Delegated proof of stake (the paper's section III-B 4 and 5): which institutions may build and audit blocks, and whose turn it
 * is.
 *
 * Accredited institutions *stand* as candidates with a stake of their own; everybody may *delegate* coin to them. At the end of each epoch
 * anyone calls {elect}: the candidates with the most stake become the *validators* of the next epoch, each with less than a third of the
 * voting power. {leaderAt} says who builds the block of a slot. A candidate is named by its institution's number; its operator is the
 * institution's wallet, which also signs as validator.
 *
 * What leaves a candidate stays *unbonding* for some epochs, in which it still answers for what the candidate did while it was at stake:
 * a validator that signs two things is *slashed* (the coin is burned) and *tombstoned* for good; one that was down is *jailed* for a time.
 * A jailed, resigned or tombstoned candidate leaves the ranking, so it never stands in the way of an election.
 */
interface IValidatorRegistry {
    /// @notice Where a candidate stands. All but `Standing` are outside the ranking.
    enum CandidateStatus {
        None,
        Standing,
        Resigned,
        Jailed,
        Tombstoned
    }

    /**
     * @notice A candidate, apart from its place in the ranking and its pool; one slot:
     * bits 0-7 status | 8-23 commission | 24-39 nextCommission | 40-71 commissionFrom | 72-111 jailedUntil | 112-143 faultEpoch |
     * 144-159 slashed
     * @param commission The operator's part of the rewards, in basis points.
     * @param nextCommission What it becomes with the epoch `commissionFrom`.
     * @param jailedUntil Seconds.
     * @param faultEpoch The first epoch whose stake answers for what the candidate is tombstoned for.
     * @param slashed What was burned of all that was at stake in that epoch or later, in basis points.
     */
    struct Candidacy {
        CandidateStatus status;
        uint16 commission;
        uint16 nextCommission;
        uint32 commissionFrom;
        uint40 jailedUntil;
        uint32 faultEpoch;
        uint16 slashed;
    }

    /// @notice All stake of a candidate, one slot: bits 0-95 bonded | 96-255 rewardPerStake.
    /// @param bonded In wei, before any slash.
    /// @param rewardPerStake Reward that one wei of stake has earned since the candidate first stood, times 2^64.
    struct Pool {
        uint96 bonded;
        uint160 rewardPerStake;
    }

    /// @notice What one delegator has with one candidate, one slot: bits 0-95 stake | 96-255 rewardPaid.
    /// @param stake In wei, before any slash.
    /// @param rewardPaid The pool's `rewardPerStake` up to which rewards are credited.
    struct Position {
        uint96 stake;
        uint160 rewardPaid;
    }

    /// @notice Stake that came from another candidate and still answers for what that one did, one slot:
    /// bits 0-15 from | 16-47 epoch | 48-143 stake.
    /// @param from The candidate that it backed before.
    /// @param epoch The last epoch in which it did.
    /// @param stake In wei.
    struct Answerable {
        uint16 from;
        uint32 epoch;
        uint96 stake;
    }

    /**
     * @notice What the consortium may tune; one slot, in this order from bit 0.
     * @param seats Validators of an epoch at most, 4 to 128.
     * @param minValidators Validators at least, 4 to `seats`; with fewer eligible candidates the set before stays.
     * @param epochLength Seconds, 10 to 30 days.
     * @param unbondingEpochs Epochs that stake stays answerable after it left, 2 to 60.
     * @param maxCommission Basis points, at most 5,000.
     * @param commissionNotice Epochs between the announcement of a commission and its effect, 1 to 60.
     * @param jailTime Seconds, 1 to 30 days.
     * @param slashFraction Basis points that a fault burns, 1 to 10,000.
     * @param minSelfStake What a candidate has at stake itself at least, in wei; at least 1 gwei.
     */
    struct Rules {
        uint8 seats;
        uint8 minValidators;
        uint32 epochLength;
        uint8 unbondingEpochs;
        uint16 maxCommission;
        uint8 commissionNotice;
        uint32 jailTime;
        uint16 slashFraction;
        uint96 minSelfStake;
    }

    /// @notice The institution stands for election, for the first time or again.
    event CandidateStood(uint16 indexed candidate, address indexed operator, uint16 commission);

    /// @notice The candidate no longer stands: by its own will, or because its stake or its certificate no longer suffices.
    event CandidateResigned(uint16 indexed candidate);

    /// @notice The candidate may not stand until `until`.
    event CandidateJailed(uint16 indexed candidate, uint256 until);

    /// @notice The candidate stands again after jail.
    event CandidateUnjailed(uint16 indexed candidate);

    /// @notice The candidate is excluded for good for a fault in `faultEpoch`, and `burned` wei of its stake are gone.
    event CandidateSlashed(uint16 indexed candidate, uint32 indexed faultEpoch, uint256 burned);

    /// @notice The candidate's commission becomes `commission` basis points with epoch `from`.
    event CommissionAnnounced(uint16 indexed candidate, uint16 commission, uint32 from);

    /// @notice `delegator` put `amount` wei at stake.
    event Delegated(address indexed delegator, uint16 indexed candidate, uint256 amount);

    /// @notice `amount` wei of stake left, and can be claimed when the epoch `epoch` is long enough ago.
    event Undelegated(address indexed delegator, uint16 indexed candidate, uint256 amount, uint32 epoch);

    /// @notice `amount` wei of stake moved to another candidate; they answer for the one before until `epoch` is long enough ago.
    event Redelegated(address indexed delegator, uint16 indexed from, uint16 indexed to, uint256 amount, uint32 epoch);

    /// @notice `burned` wei that had moved on from a candidate were burned for its fault.
    event RedelegationSlashed(address indexed delegator, uint16 indexed from, uint16 indexed to, uint256 burned);

    /// @notice Unbonded stake went back to its owner.
    event UnbondedClaimed(address indexed delegator, uint16 indexed candidate, uint32 indexed epoch, uint256 amount);

    /// @notice Rewards went to a delegator, or commission to an operator.
    event RewardsClaimed(address indexed account, uint16 indexed candidate, uint256 amount);

    /// @notice A validator's pool earned `amount` wei for its work in `epoch`, `commission` of them for the operator.
    event Rewarded(uint16 indexed candidate, uint32 indexed epoch, uint256 amount, uint256 commission);

    /// @notice An epoch began with a newly elected set, as kept by {seatsOf}.
    event EpochStarted(uint32 indexed epoch, uint256 seats, uint256 total);

    /// @notice An epoch began with the set of the epoch before, because too few candidates were eligible.
    event EpochExtended(uint32 indexed epoch, uint256 eligible);

    /// @notice The consortium changed the rules.
    event RulesSet(Rules rules);

    /// @notice This rule is out of its bounds. Remedy: see {Rules}.
    error RuleOutOfBounds(bytes32 rule);

    /// @notice The coin's lifetime cap is too large to count power in gwei. Remedy: at most `limit` wei.
    error EmissionCapTooLarge(uint256 cap, uint256 limit);

    /// @notice The candidate has not this status. Remedy: see {candidacyOf}.
    error CandidateStatusMismatch(uint16 candidate, CandidateStatus status);

    /// @notice As many candidates stand as can. Remedy: expel lapsed ones, or wait until one resigns.
    error CandidatesTooMany(uint256 limit);

    /// @notice The candidate's own stake would be too small. Remedy: stake at least `required` wei in all.
    error SelfStakeTooSmall(uint256 stake, uint256 required);

    /// @notice The caller does not operate this candidate.
    error OperatorMismatch(uint16 candidate, address caller);

    /// @notice The commission is above the cap. Remedy: at most `limit` basis points.
    error CommissionTooHigh(uint16 commission, uint16 limit);

    /// @notice An announced commission takes effect in this epoch. Remedy: announce another one in the next.
    error CommissionChanging(uint32 epoch);

    /// @notice Amounts are above zero.
    error AmountZero();

    /// @notice The delegator has less at stake with this candidate. Remedy: at most `stake`.
    error StakeInsufficient(uint256 amount, uint256 stake);

    /// @notice `stake` wei of the position came from another candidate and answer for it. Remedy: leave them until epoch `until`.
    error StakeAnswerable(uint256 stake, uint32 until);

    /// @notice Stake moves between two different candidates.
    error RedelegationInvalid(uint16 candidate);

    /// @notice Nothing is unbonding under this epoch, or it was claimed.
    error NothingUnbonding(uint16 candidate, uint32 epoch);

    /// @notice The stake is still unbonding. Remedy: wait for epoch `until`.
    error StillUnbonding(uint32 until);

    /// @notice The candidate stays in jail until `until`.
    error StillJailed(uint256 until);

    /// @notice The candidate's certificate is in force and its own stake suffices, so nobody can expel it.
    error CandidateInGoodStanding(uint16 candidate);

    /// @notice The epoch is not over. Remedy: call again at `dueAt` (seconds).
    error EpochNotDue(uint256 dueAt);

    /// @notice There is no set yet, and too few candidates are eligible for the first. Remedy: `required` institutions have to stand.
    error ValidatorsTooFew(uint256 eligible, uint256 required);

    /// @notice The set of this epoch is not kept any more, or does not exist yet.
    error EpochUnknown(uint32 epoch);

    /// @notice No validator was scheduled for this slot, or the set is not kept any more.
    error SlotUnscheduled(uint256 slot);

    /// @notice The fault is too long ago, or in the future: the stake no longer answers for it.
    error FaultExpired(uint32 epoch);

    /**
     * @notice Stands for election, for the first time or again after resigning. Callable by certified institutions.
     * @param commission The operator's part of the rewards in basis points, at most the cap; ignored when the candidate stands again.
     * @param amount Coin to stake, in wei; with what is at stake already at least the minimum. May be 0 when standing again.
     * @param hint The candidate that will be next above in the ranking, 0 for the top; a wrong one costs gas only.
     */
    function stand(uint16 commission, uint256 amount, uint16 hint) external;

    /// @notice Stops standing, from the next epoch on. The stake stays bonded until it is undelegated. Callable by the operator.
    /// @param candidate The caller's candidacy; it is standing.
    function resign(uint16 candidate) external;

    /// @notice Takes a candidate out of the ranking whose certificate is not in force, or whose own stake is below the minimum. {elect}
    /// passes over the former by itself, unless they are very many. Callable by anyone.
    /// @param candidate A standing candidate.
    function expel(uint16 candidate) external;

    /// @notice Stands again after jail. Callable by the operator, while certified.
    /// @param candidate The caller's candidacy; its jail time is over and its own stake suffices.
    /// @param hint The candidate that will be next above.
    function unjail(uint16 candidate, uint16 hint) external;

    /// @notice Announces another commission, effective after the notice. Callable by the operator.
    /// @param candidate The caller's candidacy; not tombstoned. An announcement can be replaced until it takes effect.
    /// @param commission Basis points, at most the cap.
    function announceCommission(uint16 candidate, uint16 commission) external;

    /// @notice Puts coin at stake for a candidate. Callable by anyone for a standing one, by the operator for an own one that is not
    /// tombstoned. Needs an allowance. It votes from the next epoch on.
    /// @param candidate Whom to back.
    /// @param amount In wei, above 0.
    /// @param hint The candidate that will be next above.
    function delegate(uint16 candidate, uint256 amount, uint16 hint) external;

    /// @notice Takes stake back; it can be claimed when the unbonding is over. Callable by any delegator, whatever the candidate's status.
    /// An operator that falls below the minimum resigns by this.
    /// @param candidate Whom to leave.
    /// @param amount In wei (before any slash), above 0, at most the position.
    /// @param hint The candidate that will be next above.
    function undelegate(uint16 candidate, uint256 amount, uint16 hint) external;

    /// @notice Moves stake to another candidate at once. It answers for the one before as if it were unbonding, and stays where it is until
    /// then. A position has such stake of one former candidate at a time; moving more from that one begins the time anew. Callable by any
    /// delegator, not away from a tombstoned candidate.
    /// @param from Whom to leave.
    /// @param to Whom to back; standing.
    /// @param amount In wei, above 0, at most the position.
    /// @param fromHint The candidate that will be next above `from`.
    /// @param toHint The candidate that will be next above `to`.
    function redelegate(uint16 from, uint16 to, uint256 amount, uint16 fromHint, uint16 toHint) external;

    /// @notice Burns what a moved stake owes for the candidate that it backed before, if it owes anything. Callable by anyone.
    /// @param delegator Whose.
    /// @param candidate Whom the stake backs now.
    /// @param hint The candidate that will be next above.
    function settleAnswerable(address delegator, uint16 candidate, uint16 hint) external;

    /// @notice Pays out stake whose unbonding is over, less what was slashed. Callable by its owner.
    /// @param candidate Whom it backed.
    /// @param epoch The epoch in which it left.
    function claimUnbonded(uint16 candidate, uint32 epoch) external;

    /// @notice Pays out what the caller has earned with a candidate, commission included. Costs the same however many delegators there are.
    /// @param candidate Whom the caller backs or backed.
    /// @return amount In wei; 0 pays nothing.
    function claimRewards(uint16 candidate) external returns (uint256 amount);

    /**
     * @notice Ends the epoch and elects the next set. Callable by anyone, once the epoch is over (the first time at once).
     *
     * The candidates with the most stake whose certificates are in force become validators, each strictly below a third of the voting
     * power. With fewer than the minimum, the set before stays for another epoch.
     * @return epoch The number of the epoch that begins.
     */
    function elect() external returns (uint32 epoch);

    /// @notice Credits validators' pools for their work. The caller mints the returned sum to this contract in the same transaction.
    /// Callable by the certifier.
    /// @param epoch The epoch of the work.
    /// @param candidates Whom; each once.
    /// @param amounts In wei.
    /// @return total What was credited: amounts of tombstoned candidates, and of those with nothing at stake, are not.
    function reward(
        uint32 epoch,
        uint16[] calldata candidates,
        uint256[] calldata amounts
    ) external returns (uint256 total);

    /// @notice Jails a candidate that is standing or has resigned, and does nothing to any other. Callable by the certifier.
    /// @param candidate Whom.
    /// @return jailed Whether it was one of these.
    function jail(uint16 candidate) external returns (bool jailed);

    /// @notice Burns a part of all that was at stake with a candidate in the epoch of a fault or came later, and excludes it for good.
    /// Stake is slashed once: a second fault changes something only if it is an earlier one, and then for the stake that had left before
    /// the first. In an epoch that was extended, the stake of the epoch answers in which the set was elected. Callable by the certifier.
    /// @param candidate Whom.
    /// @param faultEpoch The epoch of the fault, current or fewer than `unbondingEpochs` ago.
    /// @return burned In wei.
    function slash(uint16 candidate, uint32 faultEpoch) external returns (uint256 burned);

    /// @notice Changes the rules. Callable by the consortium.
    /// @param rules_ The new rules; they hold from the next call on.
    function setRules(Rules calldata rules_) external;

    /// @notice The validators of this epoch, by candidate number. Never reverts, and reads only this contract's storage: the signature that
    /// Besu's QBFT calls in its contract mode. Empty before the first election.
    function getValidators() external view returns (address[] memory);

    /// @notice The validator whose turn a slot is (the paper's leader). For slots to come: by the set of this epoch.
    /// @param slot A slot from the first election on, not longer ago than sets are kept.
    function leaderAt(uint256 slot) external view returns (address);

    /// @notice The slot of a time: (timestamp - genesis) / slotTime.
    /// @param timestamp Seconds, not before the genesis.
    function slotOf(uint256 timestamp) external view returns (uint256);

    /// @notice The current epoch, or a word of zero before the first election.
    function currentEpoch() external view returns (Epoch);

    /// @notice The oldest epoch whose set is kept; 1 before the first election.
    function oldestEpoch() external view returns (uint32);

    /// @notice An epoch whose set is kept.
    /// @param epoch The current one, or one of the 63 before.
    function epochOf(uint32 epoch) external view returns (Epoch);

    /**
     * @notice The set of an epoch.
     * @param epoch The current one, or one of the 63 before.
     * @return record The epoch.
     * @return endBlock The first block that the next epoch's set decides; 2^256 - 1 while the epoch lasts.
     * @return seats The seats, by candidate number.
     */
    function seatsOf(uint32 epoch) external view returns (Epoch record, uint256 endBlock, Seat[] memory seats);

    /// @notice A candidate's place in the ranking; number 0 holds both ends: `next` is the first, `previous` the last.
    /// @param candidate The institution's number.
    function ranks(uint16 candidate) external view returns (Rank);

    /// @notice How many candidates stand.
    function standingCount() external view returns (uint256);

    /// @notice A candidate's status, commission and faults.
    /// @param candidate The institution's number.
    function candidacyOf(uint16 candidate) external view returns (Candidacy memory);

    /// @notice A candidate's stake and what it has earned.
    /// @param candidate The institution's number.
    function poolOf(uint16 candidate) external view returns (Pool memory);

    /// @notice A delegator's position, before any slash.
    /// @param candidate The institution's number.
    /// @param delegator Whose.
    function positionOf(uint16 candidate, address delegator) external view returns (Position memory);

    /// @notice What a delegator has at stake, in wei, after any slash.
    /// @param candidate The institution's number.
    /// @param delegator Whose.
    function stakeOf(uint16 candidate, address delegator) external view returns (uint256);

    /// @notice The part of a position that answers for another candidate.
    /// @param candidate Whom it backs now.
    /// @param delegator Whose.
    function answerableOf(uint16 candidate, address delegator) external view returns (Answerable memory);

    /// @notice What is unbonding, in wei, before any slash.
    /// @param candidate Whom it backed.
    /// @param delegator Whose.
    /// @param epoch The epoch in which it left.
    function unbondingOf(uint16 candidate, address delegator, uint32 epoch) external view returns (uint256);

    /// @notice What {claimRewards} would pay, in wei.
    /// @param candidate Whom the account backs or backed.
    /// @param account Whose.
    function rewardsOf(uint16 candidate, address account) external view returns (uint256);

    /// @notice The rules in force.
    function rules() external view returns (Rules memory);

    /// @notice When slot 0 began, in seconds.
    function genesis() external view returns (uint256);

    /// @notice The length of a slot, in seconds.
    function slotTime() external view returns (uint256);

    /// @notice Who is an institution.
    function accountCenter() external view returns (IAccountCenter);

    /// @notice What is staked.
    function medicalCoin() external view returns (IMedicalCoin);
}
