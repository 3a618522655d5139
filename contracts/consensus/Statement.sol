// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a {Vote} is about. A verdict is the prevote of the Tendermint algorithm (arXiv:1807.04938), a comparison its precommit.
enum Phase {
    None,
    Verdict,
    Comparison
}

/**
 * @notice What a leader signs about the block that it broadcasts: its certificate for the slot (the paper's Fig. 4).
 * @param epoch The epoch whose set decides the height.
 * @param height The block's number.
 * @param round 0 in the slot after the parent's, one more with each slot.
 * @param validRound The round in which the block had two thirds of the verdicts, if it is proposed again; -1 otherwise.
 * @param blockHash The block's hash.
 * @param stateRoot The state's root after the block.
 * @param leadersHash The running hash of the epoch's leaders up to and including the block's own. See {IBlockCertifier-confirm}.
 */
struct Proposal {
    uint32 epoch;
    uint64 height;
    uint32 round;
    int32 validRound;
    bytes32 blockHash;
    bytes32 stateRoot;
    bytes32 leadersHash;
}

/**
 * @notice What a validator signs of its own execution of a block, and then of what it compared. A vote for no block has zero in the last
 * three fields.
 * @param epoch The epoch whose set decides the height.
 * @param height The block's number.
 * @param round The round voted in.
 * @param phase Verdict or comparison.
 * @param blockHash The block's hash.
 * @param stateRoot The state's root after the block, as the validator itself computed it.
 * @param leadersHash The running hash of the epoch's leaders up to and including the block's own.
 */
struct Vote {
    uint32 epoch;
    uint64 height;
    uint32 round;
    Phase phase;
    bytes32 blockHash;
    bytes32 stateRoot;
    bytes32 leadersHash;
}

/// @notice A proposal, and 65 bytes by its leader.
struct SignedProposal {
    Proposal proposal;
    bytes signature;
}

/// @notice A vote, and 65 bytes by its validator.
struct SignedVote {
    Vote vote;
    bytes signature;
}

using StatementLib for Proposal global;
using StatementLib for Vote global;

/**
 * @title StatementLib
 * @notice EIP-712 hashes of the statements.
 */
library StatementLib {
    bytes32 private constant PROPOSAL_TYPEHASH = keccak256(
        "Proposal(uint32 epoch,uint64 height,uint32 round,int32 validRound,bytes32 blockHash,bytes32 stateRoot,bytes32 leadersHash)"
    );

    bytes32 private constant VOTE_TYPEHASH = keccak256(
        "Vote(uint32 epoch,uint64 height,uint32 round,uint8 phase,bytes32 blockHash,bytes32 stateRoot,bytes32 leadersHash)"
    );

    /// @dev Every field is one word, so the ABI's encoding is EIP-712's.
    function hash(Proposal memory proposal) internal pure returns (bytes32) {
        return keccak256(abi.encode(PROPOSAL_TYPEHASH, proposal));
    }

    /// @dev As of a {Proposal}.
    function hash(Vote memory vote) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOTE_TYPEHASH, vote));
    }

    /// @notice Whether the vote names a block.
    function isForBlock(Vote memory vote) internal pure returns (bool) {
        return vote.blockHash != 0;
    }
}
