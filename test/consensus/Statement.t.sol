// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Phase, Proposal, Vote} from "../../contracts/consensus/Statement.sol";

/// @notice Votes and proposals, for any values. That their hashes are those of EIP-712 is tested against another implementation.
contract StatementTest {
    function testFuzz_AVoteIsForABlockIfItNamesOne(Proposal memory proposal, uint8 seed) external pure {
        Vote memory vote = _voteOf(proposal, Phase(seed % 3));
        assert(vote.isForBlock() == (vote.blockHash != 0));
        vote.blockHash = 0;
        assert(!vote.isForBlock());
    }

    function testFuzz_NoVoteIsAProposal(Proposal memory proposal, uint8 seed) external pure {
        Vote memory vote = _voteOf(proposal, Phase(seed % 3));
        assert(vote.hash() != proposal.hash());
        proposal.validRound = int32(uint32(seed % 3));
        assert(vote.hash() != proposal.hash());
    }

    function testFuzz_ThePhaseIsPartOfTheHash(Proposal memory proposal) external pure {
        bytes32 none = _voteOf(proposal, Phase.None).hash();
        bytes32 verdict = _voteOf(proposal, Phase.Verdict).hash();
        bytes32 comparison = _voteOf(proposal, Phase.Comparison).hash();
        assert(none != verdict && verdict != comparison && comparison != none);
    }

    function _voteOf(Proposal memory proposal, Phase phase) private pure returns (Vote memory) {
        return
            Vote({
                epoch: proposal.epoch,
                height: proposal.height,
                round: proposal.round,
                phase: phase,
                blockHash: proposal.blockHash,
                stateRoot: proposal.stateRoot,
                leadersHash: proposal.leadersHash
            });
    }
}
