// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {IValidatorRegistry} from "./IValidatorRegistry.sol";
import {SignedProposal, SignedVote} from "./Statement.sol";

/**
 * @title IBlockCertifier
 * @notice The result of the block audit (the paper's section III-B 5 and Fig. 4), on the chain: which blocks more than two thirds of the
 * voting power have verified and compared, who took part, what they earn, and who said two things.
 *
 * The audit itself is the Tendermint algorithm among the validators' nodes. Its certificate, the comparisons of more than two thirds for
 * one block, is given to {confirm}. At the end of an epoch {settleEpoch} pays leaders and signers out of the coin's emission and jails who
 * was down. {reportEquivocation} and {reportDoubleProposal} slash; {recordDispute} puts two different verdicts on record for the auditors.
 */
interface IBlockCertifier {
    /**
     * @notice More than two thirds of an epoch's voting power have compared and agree on a block, and so on all before it.
     * @param epoch The epoch whose set decided the block.
     * @param height The block's number.
     * @param round The round of the comparisons.
     * @param blockHash Its hash.
     * @param stateRoot The state's root after it.
     * @param leaders For each block since the last confirmed one, at most 1,024: slot << 8 | seat of its maker.
     * @param signers The seats that signed, as bits.
     * @param signatures Their signatures, 65 bytes each, in the order of the seats.
     */
    struct Certificate {
        uint32 epoch;
        uint64 height;
        uint32 round;
        bytes32 blockHash;
        bytes32 stateRoot;
        uint64[] leaders;
        uint256 signers;
        bytes signatures;
    }

    /**
     * @notice What the consortium may tune; one slot, in this order from bit 0.
     * @param blockReward Coin for one confirmed block at most, in wei; the emission quota is the limit of all.
     * @param leaderShare The leader's part of it, in basis points; the rest is for the signers, by voting power.
     * @param minParticipation Blocks of an epoch that a validator has to sign, in basis points, at most 5,000; who signs fewer is jailed.
     * @param minBlocks Blocks from which on an epoch says something about who is down, at least 1.
     */
    struct Rewards {
        uint96 blockReward;
        uint16 leaderShare;
        uint16 minParticipation;
        uint16 minBlocks;
    }

    /// @notice The block, and every one before it, is final.
    event BlockConfirmed(
        uint256 indexed height,
        uint32 indexed epoch,
        uint32 round,
        bytes32 blockHash,
        bytes32 stateRoot,
        uint256 signers
    );

    /// @notice The validators of an epoch were paid `minted` wei for its `blocks`.
    event EpochSettled(uint32 indexed epoch, uint256 blocks, uint256 minted);

    /// @notice The validator signed two different statements about the same thing; the candidate is slashed.
    event EquivocationProven(address indexed validator, uint16 indexed candidate, uint64 indexed height, uint32 round);

    /// @notice Two validators found different results for one round; the auditors have to see why.
    event DisputeRecorded(
        bytes32 indexed dispute,
        address indexed one,
        address indexed other,
        SignedVote oneVote,
        SignedVote otherVote
    );

    /// @notice The consortium changed the rewards.
    event RewardsSet(Rewards rewards);

    /// @notice A reward rule is out of its bounds. Remedy: see {Rewards}.
    error RewardsInvalid();

    /// @notice The range does not begin right after what is confirmed, or has more than 1,024 blocks. Remedy: give the leaders of the
    /// blocks from `start` on.
    error RangeMismatch(uint256 start, uint256 height, uint256 leaders);

    /// @notice The block is in another epoch. Remedy: confirm up to the last block before `endBlock` first, with that epoch's set.
    error HeightOutsideEpoch(uint256 height, uint256 firstBlock, uint256 endBlock);

    /// @notice The chain's block of this number has another hash, or there is none yet.
    error BlockHashMismatch(uint256 height, bytes32 blockHash);

    /// @notice The leader of a block is not the validator whose slot it is, or the slots do not ascend from the epoch's first.
    error LeaderMismatch(uint256 slot, uint256 seat);

    /// @notice A signature is not the seat's over this certificate, or the number of signatures is not that of the signers.
    error VoteSignatureInvalid(uint256 seat);

    /// @notice The signers hold too little. Remedy: `power` has to exceed two thirds of `total`, both in gwei.
    error QuorumMissing(uint256 power, uint256 total);

    /// @notice The epoch is not over, or not confirmed up to its last block. Remedy: confirm block `lastBlock` first.
    error EpochNotConfirmed(uint32 epoch, uint256 lastBlock);

    /// @notice The two statements are no evidence: they are about different things, or equal.
    error EvidenceInvalid();

    /// @notice The signer was no validator of the epoch.
    error NotAValidator(address signer, uint32 epoch);

    /// @notice The two verdicts are on record.
    error DisputeKnown(bytes32 dispute);

    /**
     * @notice Confirms a block, and with it all since the last confirmed one, which may have had several leaders. Callable by anyone.
     *
     * The signed statement is a comparison ({Vote}) whose `leadersHash` is the running hash of the epoch's leaders: it starts with 0, and
     * each block makes it keccak256(leadersHash, slot << 8 | seat). So the certificate of the last block proves who made the others.
     * @param certificate The block, the leaders, and the signatures of more than two thirds of the voting power.
     */
    function confirm(Certificate calldata certificate) external;

    /// @notice Pays the validators of the oldest unsettled epoch, once it is over and confirmed, and jails who was down. Callable by
    /// anyone. An epoch whose set is not kept any more is passed over without pay.
    /// @return epoch The epoch that was settled.
    function settleEpoch() external returns (uint32 epoch);

    /// @notice Proves that a validator signed two different votes of one round and phase; it is slashed, once. Callable by anyone.
    /// @param one A vote, signed.
    /// @param other A vote equal in epoch, height, round and phase, different otherwise, and signed by the same validator.
    function reportEquivocation(SignedVote calldata one, SignedVote calldata other) external;

    /// @notice Proves that a validator signed two different proposals of one round; it is slashed, once. Callable by anyone.
    /// @param one A proposal, signed.
    /// @param other A proposal equal in epoch, height and round, different otherwise, and signed by the same validator.
    function reportDoubleProposal(SignedProposal calldata one, SignedProposal calldata other) external;

    /// @notice Records that two validators gave different verdicts, both for a block, in one round. Callable by anyone, once for a pair.
    /// @param one A verdict, signed.
    /// @param other A verdict equal in epoch, height and round, different otherwise, and signed by another validator.
    /// @return dispute The number of the dispute: the hash of both digests, the smaller one first.
    function recordDispute(SignedVote calldata one, SignedVote calldata other) external returns (bytes32 dispute);

    /// @notice Changes the rewards. Callable by the consortium.
    /// @param rewards_ They hold for every epoch that is settled from now on.
    function setRewards(Rewards calldata rewards_) external;

    /// @notice The last confirmed block.
    function confirmedHeight() external view returns (uint64);

    /// @notice The epoch of the last confirmed block.
    function confirmedEpoch() external view returns (uint32);

    /// @notice The last epoch that was settled; they are settled in order.
    function settledEpoch() external view returns (uint32);

    /// @notice The running hash of the leaders, from the first block of the confirmed epoch up to the last confirmed block.
    function leadersHash() external view returns (bytes32);

    /// @notice Whether a dispute is on record.
    /// @param dispute Its number.
    function isDisputed(bytes32 dispute) external view returns (bool);

    /// @notice What the seats of an epoch's set did, as far as it is confirmed.
    /// @param epoch The epoch.
    /// @param seat An index of its set.
    /// @return signed Blocks signed.
    /// @return led Blocks made.
    function participationOf(uint32 epoch, uint256 seat) external view returns (uint256 signed, uint256 led);

    /// @notice The rewards in force.
    function rewards() external view returns (Rewards memory);

    /// @notice Whether each block's maker must be the validator whose slot it is. Engines that rotate proposers themselves need this off.
    function followsSchedule() external view returns (bool);

    /// @notice Who the validators are.
    function validatorRegistry() external view returns (IValidatorRegistry);

    /// @notice What is minted.
    function medicalCoin() external view returns (IMedicalCoin);
}
