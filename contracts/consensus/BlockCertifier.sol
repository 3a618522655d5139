// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";
import {Governed} from "../Governed.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {Epoch} from "./Epoch.sol";
import {IBlockCertifier} from "./IBlockCertifier.sol";
import {IValidatorRegistry} from "./IValidatorRegistry.sol";
import {LeaderSchedule} from "./LeaderSchedule.sol";
import {Participation} from "./Participation.sol";
import {SaltedDomain} from "./SaltedDomain.sol";
import {Seat, SeatLib} from "./Seat.sol";
import {Phase, Proposal, SignedProposal, SignedVote, Vote} from "./Statement.sol";

/**
 * @title BlockCertifier
 * @notice Certificates, participation, rewards and evidence. {IBlockCertifier} says what each function promises.
 */
contract BlockCertifier is IBlockCertifier, SaltedDomain, Governed {
    using LeaderSchedule for Seat[];
    using Participation for mapping(uint256 => uint256);
    using Participation for uint256[];
    using SeatLib for Seat[];

    uint256 private constant BASIS_POINTS = 10_000;
    uint256 private constant SIGNATURE_LENGTH = 65;
    /// @dev Blocks that one certificate confirms.
    uint256 private constant MAX_RANGE = 1_024;

    /// @inheritdoc IBlockCertifier
    IValidatorRegistry public immutable validatorRegistry;

    /// @inheritdoc IBlockCertifier
    IMedicalCoin public immutable medicalCoin;

    /// @inheritdoc IBlockCertifier
    bool public immutable followsSchedule;

    // What {confirm} writes shares a slot with {Governed-successor}:
    // bits 0-159 successor | 160-223 confirmedHeight | 224-255 confirmedEpoch

    /// @inheritdoc IBlockCertifier
    uint64 public confirmedHeight;

    /// @inheritdoc IBlockCertifier
    uint32 public confirmedEpoch;

    /// @inheritdoc IBlockCertifier
    uint32 public settledEpoch;

    /// @inheritdoc IBlockCertifier
    bytes32 public leadersHash;

    Rewards private _rewards;

    mapping(uint32 epoch => mapping(uint256 word => uint256)) private _participation;

    /// @inheritdoc IBlockCertifier
    mapping(bytes32 dispute => bool) public isDisputed;

    /// @param consortium The access manager.
    /// @param registry The validator registry; its coin is minted.
    /// @param followsSchedule_ Whether the engine lets the scheduled leader make the block.
    /// @param salt Random, for the domain of all votes.
    /// @param rewards_ The first rewards.
    constructor(
        address consortium,
        IValidatorRegistry registry,
        bool followsSchedule_,
        bytes32 salt,
        Rewards memory rewards_
    ) SaltedDomain(salt) Governed(consortium) {
        validatorRegistry = registry;
        medicalCoin = registry.medicalCoin();
        followsSchedule = followsSchedule_;
        _setRewards(rewards_);
    }

    /// @inheritdoc IBlockCertifier
    function confirm(Certificate calldata certificate) external {
        (Epoch epoch, uint256 endBlock, Seat[] memory seats) = validatorRegistry.seatsOf(certificate.epoch);
        uint256 start = _startOf(certificate, epoch, endBlock);
        _checkBlockHash(certificate.height, certificate.blockHash);

        uint256[] memory led = Participation.newTally(seats.length);
        bytes32 hash = start == epoch.firstBlock() ? bytes32(0) : leadersHash;
        hash = _hashLeaders(hash, epoch.firstSlot(), certificate, seats, led);
        _checkSignatures(certificate, hash, seats);

        confirmedHeight = certificate.height;
        confirmedEpoch = certificate.epoch;
        leadersHash = hash;
        // Beyond that an epoch's blocks count no more, so that no counter overflows.
        if (certificate.height - epoch.firstBlock() < Participation.MAX_BLOCKS) {
            _participation[certificate.epoch].add(seats.length, certificate.signers, certificate.leaders.length, led);
        }
        emit BlockConfirmed(
            certificate.height,
            certificate.epoch,
            certificate.round,
            certificate.blockHash,
            certificate.stateRoot,
            certificate.signers
        );
    }

    /// @inheritdoc IBlockCertifier
    function settleEpoch() external returns (uint32 epoch) {
        epoch = ++settledEpoch;
        if (epoch < validatorRegistry.oldestEpoch()) {
            emit EpochSettled(epoch, 0, 0);
            return epoch;
        }
        (Epoch record, uint256 endBlock, Seat[] memory seats) = validatorRegistry.seatsOf(epoch);
        bool isOver = endBlock != type(uint256).max;
        if (!isOver || confirmedHeight + 1 < endBlock) revert EpochNotConfirmed(epoch, endBlock - 1);

        uint256 blocks = endBlock - record.firstBlock();
        if (blocks > Participation.MAX_BLOCKS) blocks = Participation.MAX_BLOCKS;
        uint256 minted = _pay(epoch, blocks, seats);
        _jailAbsent(epoch, blocks, seats);
        emit EpochSettled(epoch, blocks, minted);
    }

    /// @inheritdoc IBlockCertifier
    function reportEquivocation(SignedVote calldata one, SignedVote calldata other) external {
        Vote calldata vote = one.vote;
        if (!_isSameRound(vote, other.vote) || vote.phase != other.vote.phase) revert EvidenceInvalid();
        (bytes32 digest, address signer) = _signed(one);
        (bytes32 otherDigest, address otherSigner) = _signed(other);
        if (digest == otherDigest || signer != otherSigner) revert EvidenceInvalid();
        _punish(signer, vote.epoch, vote.height, vote.round);
    }

    /// @inheritdoc IBlockCertifier
    function reportDoubleProposal(SignedProposal calldata one, SignedProposal calldata other) external {
        Proposal calldata first = one.proposal;
        Proposal calldata second = other.proposal;
        bool sameRound = first.epoch == second.epoch && first.height == second.height && first.round == second.round;
        bytes32 digest = _typedDigest(first.hash());
        bytes32 otherDigest = _typedDigest(second.hash());
        address signer = ECDSA.recoverCalldata(digest, one.signature);
        bool sameSigner = ECDSA.recoverCalldata(otherDigest, other.signature) == signer;
        if (!sameRound || digest == otherDigest || !sameSigner) revert EvidenceInvalid();
        _punish(signer, first.epoch, first.height, first.round);
    }

    /// @inheritdoc IBlockCertifier
    function recordDispute(SignedVote calldata one, SignedVote calldata other) external returns (bytes32 dispute) {
        if (!_areVerdicts(one.vote, other.vote)) revert EvidenceInvalid();
        (bytes32 digest, address signer) = _signed(one);
        (bytes32 otherDigest, address otherSigner) = _signed(other);
        if (_isSameBlock(one.vote, other.vote) || signer == otherSigner) revert EvidenceInvalid();
        _candidateOf(signer, one.vote.epoch);
        _candidateOf(otherSigner, one.vote.epoch);

        dispute =
            digest < otherDigest
                ? EfficientHashLib.hash(digest, otherDigest)
                : EfficientHashLib.hash(otherDigest, digest);
        if (isDisputed[dispute]) revert DisputeKnown(dispute);
        isDisputed[dispute] = true;
        emit DisputeRecorded(dispute, signer, otherSigner, one, other);
    }

    /// @inheritdoc IBlockCertifier
    function setRewards(Rewards calldata rewards_) external restricted {
        _setRewards(rewards_);
    }

    /// @inheritdoc IBlockCertifier
    function participationOf(uint32 epoch, uint256 seat) external view returns (uint256 signed, uint256 led) {
        return _participation[epoch].countersOf(seat);
    }

    /// @inheritdoc IBlockCertifier
    function rewards() external view returns (Rewards memory) {
        return _rewards;
    }

    function _setRewards(Rewards memory rewards_) private {
        if (
            rewards_.leaderShare > BASIS_POINTS ||
            rewards_.minParticipation > BASIS_POINTS / 2 ||
            rewards_.minBlocks == 0
        ) revert RewardsInvalid();
        _rewards = rewards_;
        emit RewardsSet(rewards_);
    }

    /// @dev Mints what the seats have earned into the registry's pools.
    function _pay(uint32 epoch, uint256 blocks, Seat[] memory seats) private returns (uint256 minted) {
        uint256 blockReward = _affordableReward(blocks);
        uint16[] memory candidates = new uint16[](seats.length);
        uint256[] memory amounts = new uint256[](seats.length);
        for (uint256 i; i < seats.length; ++i) {
            candidates[i] = seats[i].candidate();
            amounts[i] = _earned(epoch, seats, i, blockReward);
        }
        minted = validatorRegistry.reward(epoch, candidates, amounts);
        medicalCoin.mint(address(validatorRegistry), minted);
    }

    function _jailAbsent(uint32 epoch, uint256 blocks, Seat[] memory seats) private {
        if (blocks < _rewards.minBlocks) return;
        for (uint256 i; i < seats.length; ++i) {
            (uint256 signed, ) = _participation[epoch].countersOf(i);
            bool wasDown = signed * BASIS_POINTS < blocks * _rewards.minParticipation;
            if (wasDown) validatorRegistry.jail(seats[i].candidate());
        }
    }

    function _punish(address signer, uint32 epoch, uint64 height, uint32 round) private {
        uint16 candidate = _candidateOf(signer, epoch);
        emit EquivocationProven(signer, candidate, height, round);
        validatorRegistry.slash(candidate, epoch);
    }

    /// @dev The reward of a block, or less where the emission's quota does not go that far.
    function _affordableReward(uint256 blocks) private view returns (uint256) {
        IMedicalCoin.Emission memory emission = medicalCoin.emissionOf(address(this));
        return Math.min(_rewards.blockReward, (emission.quota - emission.minted) / blocks);
    }

    /// @dev Who did not sign leaves its part unminted, so nobody gains by leaving another one's signature out.
    function _earned(
        uint32 epoch,
        Seat[] memory seats,
        uint256 seat,
        uint256 blockReward
    ) private view returns (uint256) {
        uint256 leaderReward = (blockReward * _rewards.leaderShare) / BASIS_POINTS;
        (uint256 signed, uint256 led) = _participation[epoch].countersOf(seat);
        uint256 total = seats[seats.length - 1].end();
        return led * leaderReward + (signed * (blockReward - leaderReward) * seats.powerAt(seat)) / total;
    }

    /// @dev The first block of the certificate's range, which has to be the one after the last confirmed.
    function _startOf(
        Certificate calldata certificate,
        Epoch epoch,
        uint256 endBlock
    ) private view returns (uint256 start) {
        uint256 height = certificate.height;
        uint256 firstBlock = epoch.firstBlock();
        if (height < firstBlock || height >= endBlock) revert HeightOutsideEpoch(height, firstBlock, endBlock);
        start = uint256(confirmedHeight) + 1;
        // The blocks before the first election have no validators; an epoch whose set is not kept any more cannot be confirmed.
        bool startsAnew = start < firstBlock && certificate.epoch == validatorRegistry.oldestEpoch();
        if (startsAnew) start = firstBlock;
        bool isContiguous = start >= firstBlock && height >= start && certificate.leaders.length == height - start + 1;
        if (!isContiguous || certificate.leaders.length > MAX_RANGE)
            revert RangeMismatch(start, height, certificate.leaders.length);
    }

    function _checkBlockHash(uint256 height, bytes32 blockHash) private view {
        // The last 256 blocks can be looked up; for older ones the signatures have to suffice.
        bool isOld = height + 256 < block.number;
        bool isMined = height < block.number;
        if (!isMined || (!isOld && blockhash(height) != blockHash)) revert BlockHashMismatch(height, blockHash);
    }

    function _hashLeaders(
        bytes32 hash,
        uint256 nextSlot,
        Certificate calldata certificate,
        Seat[] memory seats,
        uint256[] memory led
    ) private view returns (bytes32) {
        for (uint256 i; i < certificate.leaders.length; ++i) {
            uint256 leader = certificate.leaders[i];
            uint256 slot = leader >> 8;
            uint256 seat = uint8(leader);
            bool isScheduled = seat < seats.length && (!followsSchedule || seats.seatAt(slot) == seat);
            if (!isScheduled || slot < nextSlot) revert LeaderMismatch(slot, seat);
            led.addLeader(seat);
            hash = EfficientHashLib.hash(hash, bytes32(leader));
            nextSlot = slot + 1;
        }
        return hash;
    }

    function _checkSignatures(Certificate calldata certificate, bytes32 hash, Seat[] memory seats) private view {
        Vote memory vote = Vote({
            epoch: certificate.epoch,
            height: certificate.height,
            round: certificate.round,
            phase: Phase.Comparison,
            blockHash: certificate.blockHash,
            stateRoot: certificate.stateRoot,
            leadersHash: hash
        });
        bytes32 digest = _typedDigest(vote.hash());
        bytes calldata signatures = certificate.signatures;
        uint256 power = 0;
        uint256 offset = 0;
        uint256 total = 0;
        for (uint256 i; i < seats.length; ++i) {
            Seat seat = seats[i];
            uint256 end = seat.end();
            if ((certificate.signers >> i) & 1 == 1) {
                uint256 next = offset + SIGNATURE_LENGTH;
                if (next > signatures.length) revert VoteSignatureInvalid(i);
                (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signatures[offset:next]);
                if (signer != seat.validator()) revert VoteSignatureInvalid(i);
                power += end - total;
                offset = next;
            }
            total = end;
        }
        if (offset != signatures.length || certificate.signers >> seats.length != 0) {
            revert VoteSignatureInvalid(seats.length);
        }
        if (power * 3 <= total * 2) revert QuorumMissing(power, total);
    }

    function _candidateOf(address signer, uint32 epoch) private view returns (uint16) {
        (, , Seat[] memory seats) = validatorRegistry.seatsOf(epoch);
        for (uint256 i; i < seats.length; ++i) {
            if (seats[i].validator() == signer) return seats[i].candidate();
        }
        revert NotAValidator(signer, epoch);
    }

    function _signed(SignedVote calldata signed) private view returns (bytes32 digest, address signer) {
        digest = _typedDigest(signed.vote.hash());
        signer = ECDSA.recoverCalldata(digest, signed.signature);
    }

    function _areVerdicts(Vote calldata one, Vote calldata other) private pure returns (bool) {
        bool inPhase = one.phase == Phase.Verdict && other.phase == Phase.Verdict;
        return inPhase && _isSameRound(one, other) && one.isForBlock() && other.isForBlock();
    }

    function _isSameRound(Vote calldata one, Vote calldata other) private pure returns (bool) {
        return one.epoch == other.epoch && one.height == other.height && one.round == other.round;
    }

    function _isSameBlock(Vote calldata one, Vote calldata other) private pure returns (bool) {
        return
            one.blockHash == other.blockHash &&
            one.stateRoot == other.stateRoot &&
            one.leadersHash == other.leadersHash;
    }

    function _domainName() internal pure override returns (string memory) {
        return "Healthchain BlockCertifier";
    }
}
