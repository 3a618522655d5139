// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LibSort} from "solady/src/utils/LibSort.sol";
import {Governed} from "../Governed.sol";
import {Account, Role} from "../accounts/Account.sol";
import {AccountReader} from "../accounts/AccountReader.sol";
import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {Epoch, EpochLib} from "./Epoch.sol";
import {IValidatorRegistry} from "./IValidatorRegistry.sol";
import {LeaderSchedule} from "./LeaderSchedule.sol";
import {PowerCap} from "./PowerCap.sol";
import {Rank} from "./Rank.sol";
import {Ranking} from "./Ranking.sol";
import {Seat, SeatLib} from "./Seat.sol";
import {Staking} from "./Staking.sol";

/**
 * @title ValidatorRegistry
 * @notice Candidates, elections and the leaders' schedule. {IValidatorRegistry} says what each function promises.
 */
contract ValidatorRegistry is Staking {
    using AccountReader for IAccountCenter;
    using SeatLib for Seat[];
    using Ranking for mapping(uint16 => Rank);
    using SafeERC20 for IMedicalCoin;

    uint256 private constant MAX_SEATS = 128;
    uint256 private constant MAX_CANDIDATES = 4_096;
    /// @dev Candidates with lapsed certificates that an election passes over; more have to be expelled first.
    uint256 private constant MAX_LAPSED = 128;
    /// @dev Epochs whose sets are kept: more than any unbonding lasts.
    uint256 private constant KEPT = 64;

    /// @inheritdoc IValidatorRegistry
    IAccountCenter public immutable accountCenter;

    /// @inheritdoc IValidatorRegistry
    uint256 public immutable genesis;

    /// @inheritdoc IValidatorRegistry
    uint256 public immutable slotTime;

    /// @dev The epochs before the current one, by number modulo {KEPT}.
    Epoch[KEPT] private _past;

    /// @dev Elected sets; an epoch names its own. An election takes the place of the oldest.
    Seat[MAX_SEATS][KEPT] private _snapshots;

    /// @param consortium The access manager.
    /// @param accountCenter_ The account center.
    /// @param medicalCoin_ The coin; its cap is below 2^64 gwei.
    /// @param genesis_ When slot 0 began, in seconds; not in the future.
    /// @param slotTime_ Seconds of a slot, 1 to 3,600.
    /// @param rules_ The first rules.
    constructor(
        address consortium,
        IAccountCenter accountCenter_,
        IMedicalCoin medicalCoin_,
        uint256 genesis_,
        uint256 slotTime_,
        Rules memory rules_
    ) Staking(medicalCoin_) Governed(consortium) {
        if (genesis_ > block.timestamp) revert RuleOutOfBounds("genesis");
        if (slotTime_ == 0 || slotTime_ > 1 hours) revert RuleOutOfBounds("slotTime");
        accountCenter = accountCenter_;
        genesis = genesis_;
        slotTime = slotTime_;
        _setRules(rules_);
    }

    /// @inheritdoc IValidatorRegistry
    function stand(uint16 commission, uint256 amount, uint16 hint) external {
        Account account = accountCenter.read(msg.sender);
        account.requireActive(msg.sender, Role.Institution);
        uint16 candidate = account.institution();
        Candidacy storage candidacy = _candidacies[candidate];
        CandidateStatus status = candidacy.status;
        if (status == CandidateStatus.None) {
            if (commission > _rules.maxCommission) revert CommissionTooHigh(commission, _rules.maxCommission);
            candidacy.commission = commission;
            candidacy.nextCommission = commission;
            ranks[candidate] = Rank.wrap(uint160(msg.sender));
        } else if (status != CandidateStatus.Resigned) {
            revert CandidateStatusMismatch(candidate, status);
        }

        if (amount != 0) {
            _bond(candidate, msg.sender, amount);
            emit Delegated(msg.sender, candidate, amount);
        }
        _rank(candidate, hint);
        emit CandidateStood(candidate, msg.sender, candidacy.nextCommission);
        if (amount != 0) medicalCoin.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IValidatorRegistry
    function resign(uint16 candidate) external {
        Rank rank = _requireOperator(candidate);
        if (!rank.isStanding()) revert CandidateStatusMismatch(candidate, _candidacies[candidate].status);
        _unrank(candidate, CandidateStatus.Resigned);
        emit CandidateResigned(candidate);
    }

    /// @inheritdoc IValidatorRegistry
    function expel(uint16 candidate) external {
        Rank rank = ranks[candidate];
        if (!rank.isStanding()) revert CandidateStatusMismatch(candidate, _candidacies[candidate].status);
        address operator = rank.operator();
        bool suffices = _positions[candidate][operator].stake >= _rules.minSelfStake;
        if (suffices && _isAccredited(operator)) revert CandidateInGoodStanding(candidate);
        _unrank(candidate, CandidateStatus.Resigned);
        emit CandidateResigned(candidate);
    }

    /// @inheritdoc IValidatorRegistry
    function unjail(uint16 candidate, uint16 hint) external {
        _requireOperator(candidate);
        accountCenter.read(msg.sender).requireActive(msg.sender, Role.Institution);
        Candidacy memory candidacy = _candidacies[candidate];
        if (candidacy.status != CandidateStatus.Jailed) revert CandidateStatusMismatch(candidate, candidacy.status);
        if (block.timestamp < candidacy.jailedUntil) revert StillJailed(candidacy.jailedUntil);
        _rank(candidate, hint);
        emit CandidateUnjailed(candidate);
    }

    /// @inheritdoc IValidatorRegistry
    function announceCommission(uint16 candidate, uint16 commission) external {
        _requireOperator(candidate);
        Candidacy storage candidacy = _candidacies[candidate];
        if (candidacy.status == CandidateStatus.Tombstoned) {
            revert CandidateStatusMismatch(candidate, candidacy.status);
        }
        if (commission > _rules.maxCommission) revert CommissionTooHigh(commission, _rules.maxCommission);

        uint32 epoch = currentEpoch.number();
        uint32 from = candidacy.commissionFrom;
        // The epoch before is paid after this one began, and still at the rate before.
        if (epoch == from && candidacy.commission != candidacy.nextCommission) revert CommissionChanging(epoch);
        if (epoch > from) candidacy.commission = candidacy.nextCommission;
        candidacy.nextCommission = commission;
        candidacy.commissionFrom = epoch + _rules.commissionNotice;
        emit CommissionAnnounced(candidate, commission, candidacy.commissionFrom);
    }

    /// @inheritdoc IValidatorRegistry
    function elect() external returns (uint32 epoch) {
        Epoch current = currentEpoch;
        epoch = current.number() + 1;
        uint256 dueAt = current.startedAt() + _rules.epochLength;
        if (epoch != 1 && block.timestamp < dueAt) revert EpochNotDue(dueAt);

        Seat[] memory seats = _topCandidates(_rules.seats);
        uint256 snapshot = current.snapshot();
        uint256 count = seats.length;
        uint256 total = current.total();
        if (count < _rules.minValidators) {
            if (epoch == 1) revert ValidatorsTooFew(count, _rules.minValidators);
            emit EpochExtended(epoch, count);
            count = current.seats();
        } else {
            snapshot = addmod(snapshot, 1, KEPT);
            total = _seat(seats, _snapshots[snapshot]);
            emit EpochStarted(epoch, count, total);
        }

        _past[current.number() % KEPT] = current;
        uint256 firstSlot = slotOf(block.timestamp) + 1;
        currentEpoch = EpochLib.pack(epoch, block.timestamp, firstSlot, block.number + 1, snapshot, count, total);
    }

    /// @inheritdoc IValidatorRegistry
    function jail(uint16 candidate) external restricted returns (bool jailed) {
        CandidateStatus status = _candidacies[candidate].status;
        // Who resigned after the fault may not stand again at once either.
        if (status != CandidateStatus.Standing && status != CandidateStatus.Resigned) return false;
        if (status == CandidateStatus.Standing) _unrank(candidate, CandidateStatus.Jailed);
        _candidacies[candidate].status = CandidateStatus.Jailed;
        // Seconds of this century, which fit 40 bits.
        uint40 until = uint40(block.timestamp + _rules.jailTime);
        _candidacies[candidate].jailedUntil = until;
        emit CandidateJailed(candidate, until);
        return true;
    }

    /// @inheritdoc IValidatorRegistry
    function slash(uint16 candidate, uint32 faultEpoch) external restricted returns (uint256 burned) {
        Candidacy storage candidacy = _candidacies[candidate];
        CandidateStatus status = candidacy.status;
        uint32 from = _answerableFrom(faultEpoch);
        bool isFirst = status != CandidateStatus.Tombstoned;
        if (status == CandidateStatus.None || (!isFirst && from >= candidacy.faultEpoch)) {
            revert CandidateStatusMismatch(candidate, status);
        }

        if (isFirst) {
            if (status == CandidateStatus.Standing) _unrank(candidate, CandidateStatus.Tombstoned);
            candidacy.status = CandidateStatus.Tombstoned;
            candidacy.slashed = _rules.slashFraction;
            burned = _burnStake(candidate, _pools[candidate].bonded, from, currentEpoch.number() + 1);
        } else {
            // What answers for the later fault is burned already.
            burned = _burnStake(candidate, 0, from, candidacy.faultEpoch);
        }
        candidacy.faultEpoch = from;
        emit CandidateSlashed(candidate, faultEpoch, burned);
    }

    /// @inheritdoc IValidatorRegistry
    function setRules(Rules calldata rules_) external restricted {
        _setRules(rules_);
    }

    /// @inheritdoc IValidatorRegistry
    function getValidators() external view returns (address[] memory) {
        Epoch epoch = currentEpoch;
        Seat[MAX_SEATS] storage seats = _snapshots[epoch.snapshot()];
        uint256 count = epoch.seats();
        // An engine asks at every block: the answer is written as it is encoded, one word for each seat.
        assembly ("memory-safe") {
            let answer := mload(0x40)
            mstore(answer, 0x20)
            mstore(add(answer, 0x20), count)
            let end := add(add(answer, 0x40), shl(5, count))
            let seat := seats.slot
            for {
                let position := add(answer, 0x40)
            } lt(position, end) {
                position := add(position, 0x20)
            } {
                mstore(position, shr(96, shl(96, sload(seat))))
                seat := add(seat, 1)
            }
            return(answer, sub(end, answer))
        }
    }

    /// @inheritdoc IValidatorRegistry
    function leaderAt(uint256 slot) external view returns (address) {
        Epoch epoch = _epochAtSlot(slot);
        Seat[MAX_SEATS] storage seats = _snapshots[epoch.snapshot()];
        uint256 seat = LeaderSchedule.seatAt(seats, epoch.seats(), epoch.total(), slot);
        return seats[seat].validator();
    }

    /// @inheritdoc IValidatorRegistry
    function oldestEpoch() external view returns (uint32) {
        return _oldestEpoch();
    }

    /// @inheritdoc IValidatorRegistry
    function epochOf(uint32 epoch) external view returns (Epoch) {
        return _epoch(epoch);
    }

    /// @inheritdoc IValidatorRegistry
    function seatsOf(uint32 epoch) external view returns (Epoch record, uint256 endBlock, Seat[] memory seats) {
        record = _epoch(epoch);
        endBlock = epoch == currentEpoch.number() ? type(uint256).max : _epoch(epoch + 1).firstBlock();
        Seat[MAX_SEATS] storage kept = _snapshots[record.snapshot()];
        seats = new Seat[](record.seats());
        // A certificate needs them all. Both arrays hold as many seats.
        assembly ("memory-safe") {
            let seat := kept.slot
            let position := add(seats, 0x20)
            for {
                let last := add(position, shl(5, mload(seats)))
            } lt(position, last) {
                position := add(position, 0x20)
            } {
                mstore(position, sload(seat))
                seat := add(seat, 1)
            }
        }
    }

    /// @inheritdoc IValidatorRegistry
    function rules() external view returns (Rules memory) {
        return _rules;
    }

    /// @inheritdoc IValidatorRegistry
    function slotOf(uint256 timestamp) public view returns (uint256) {
        return (timestamp - genesis) / slotTime;
    }

    /// @dev Puts a candidate into the ranking whose own stake suffices.
    function _rank(uint16 candidate, uint16 hint) private {
        uint256 ownStake = _positions[candidate][msg.sender].stake;
        if (ownStake < _rules.minSelfStake) revert SelfStakeTooSmall(ownStake, _rules.minSelfStake);
        if (standingCount == MAX_CANDIDATES) revert CandidatesTooMany(MAX_CANDIDATES);
        ++standingCount;
        _candidacies[candidate].status = CandidateStatus.Standing;
        ranks.insert(candidate, _powerOf(candidate), hint);
    }

    function _setRules(Rules memory rules_) private {
        if (rules_.seats > MAX_SEATS) revert RuleOutOfBounds("seats");
        if (rules_.minValidators < 4 || rules_.minValidators > rules_.seats) revert RuleOutOfBounds("minValidators");
        if (rules_.epochLength < 10 || rules_.epochLength > 30 days) revert RuleOutOfBounds("epochLength");
        if (rules_.unbondingEpochs < 2 || rules_.unbondingEpochs > 60) revert RuleOutOfBounds("unbondingEpochs");
        if (rules_.maxCommission > 5_000) revert RuleOutOfBounds("maxCommission");
        if (rules_.commissionNotice == 0 || rules_.commissionNotice > 60) revert RuleOutOfBounds("commissionNotice");
        if (rules_.jailTime == 0 || rules_.jailTime > 30 days) revert RuleOutOfBounds("jailTime");
        if (rules_.slashFraction == 0 || rules_.slashFraction > BASIS_POINTS) revert RuleOutOfBounds("slashFraction");
        if (rules_.minSelfStake < GWEI) revert RuleOutOfBounds("minSelfStake");
        _rules = rules_;
        emit RulesSet(rules_);
    }

    /// @dev Caps the powers, puts the seats in the order of candidate numbers, sums up the powers, and keeps the set.
    function _seat(Seat[] memory seats, Seat[MAX_SEATS] storage kept) private returns (uint256 total) {
        // The candidates come in descending order, and at most two are above the cap.
        uint256 cap = PowerCap.capOf(seats[0].end(), seats[1].end(), seats.sumOfEnds());
        if (seats[0].end() > cap) seats[0] = seats[0].withEnd(cap);
        if (seats[1].end() > cap) seats[1] = seats[1].withEnd(cap);

        LibSort.sort(seats.words());
        // The sum of all powers fits 64 bits.
        assembly ("memory-safe") {
            let power := sub(shl(64, 1), 1)
            let others := not(shl(160, power))
            let place := kept.slot
            let position := add(seats, 0x20)
            let end := add(position, shl(5, mload(seats)))
            for {} lt(position, end) {
                position := add(position, 0x20)
            } {
                let seat := mload(position)
                total := add(total, and(shr(160, seat), power))
                sstore(place, or(and(seat, others), shl(160, total)))
                place := add(place, 1)
            }
        }
    }

    function _requireOperator(uint16 candidate) private view returns (Rank rank) {
        rank = ranks[candidate];
        if (rank.operator() != msg.sender) revert OperatorMismatch(candidate, msg.sender);
    }

    /// @dev The accredited candidates with the most power, in descending order; `end` is each one's power.
    function _topCandidates(uint256 limit) private view returns (Seat[] memory seats) {
        seats = new Seat[](limit);
        uint256 candidate = ranks[0].next();
        uint256 count = 0;
        uint256 lapsed = 0;
        while (count < limit && candidate != 0 && lapsed <= MAX_LAPSED) {
            address[] memory operators;
            (operators, candidate) = _fill(seats, count, candidate);
            uint256 accredited = accountCenter.areActiveIn(operators, Role.Institution);
            uint256 kept = _keep(seats, count, operators.length, accredited);
            lapsed += operators.length - kept;
            count += kept;
        }
        seats.truncate(count);
    }

    /**
     * @dev Fills the seats from `count` on with the candidates from `candidate` on, accredited or not, and says who operates them and who
     * comes next. In assembly: it runs once for every seat of an election.
     */
    function _fill(
        Seat[] memory seats,
        uint256 count,
        uint256 candidate
    ) private view returns (address[] memory operators, uint256 next) {
        operators = new address[](seats.length - count);
        next = candidate;
        assembly ("memory-safe") {
            let seat := add(add(seats, 0x20), shl(5, count))
            let first := add(operators, 0x20)
            let operator := first
            let end := add(first, shl(5, mload(operators)))
            mstore(0x20, ranks.slot)
            for {} and(lt(operator, end), gt(next, 0)) {
                operator := add(operator, 0x20)
            } {
                mstore(0x00, next)
                let rank := sload(keccak256(0x00, 0x40))
                // The lower 224 bits of a rank are those of a seat.
                mstore(seat, or(shr(32, shl(32, rank)), shl(224, next)))
                mstore(operator, shr(96, shl(96, rank)))
                seat := add(seat, 0x20)
                next := and(shr(224, rank), 0xffff)
            }
            mstore(operators, shr(5, sub(operator, first)))
        }
    }

    /// @dev Keeps those of the `filled` seats after `count` whose bit is set, without gaps, and says how many they are.
    function _keep(
        Seat[] memory seats,
        uint256 count,
        uint256 filled,
        uint256 accredited
    ) private pure returns (uint256 kept) {
        if (accredited == (1 << filled) - 1) return filled;
        for (uint256 i; i < filled; ++i) {
            if ((accredited >> i) & 1 == 1) seats[count + kept++] = seats[count + i];
        }
    }

    function _isAccredited(address operator) private view returns (bool) {
        return accountCenter.read(operator).isActiveIn(Role.Institution);
    }

    function _epoch(uint32 epoch) private view returns (Epoch record) {
        record = currentEpoch;
        uint32 current = record.number();
        if (epoch > current || epoch < _oldestEpoch()) revert EpochUnknown(epoch);
        if (epoch != current) record = _past[epoch % KEPT];
    }

    /**
     * @dev The first epoch whose leaving stake answers for a fault: the one in which the set of the fault was elected, because an extended
     * epoch goes on with stake of an earlier one; but none whose unbonding is over.
     */
    function _answerableFrom(uint32 faultEpoch) private view returns (uint32 from) {
        uint32 current = currentEpoch.number();
        uint32 unbonding = _rules.unbondingEpochs;
        if (faultEpoch == 0 || faultEpoch > current || current - faultEpoch >= unbonding) {
            revert FaultExpired(faultEpoch);
        }
        from = faultEpoch;
        uint256 snapshot = _epoch(from).snapshot();
        while (from > 1 && current - from + 1 < unbonding && _epoch(from - 1).snapshot() == snapshot) --from;
    }

    function _oldestEpoch() private view returns (uint32) {
        uint32 current = currentEpoch.number();
        // The number of an epoch fits 32 bits, and {KEPT} is smaller.
        return current <= KEPT ? 1 : current - uint32(KEPT) + 1;
    }

    function _epochAtSlot(uint256 slot) private view returns (Epoch record) {
        record = currentEpoch;
        uint32 oldest = _oldestEpoch();
        while (slot < record.firstSlot() && record.number() > oldest) record = _past[(record.number() - 1) % KEPT];
        if (slot < record.firstSlot() || record.number() == 0 || slot > type(uint40).max) revert SlotUnscheduled(slot);
    }
}
