// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SaltedDomain} from "../../contracts/consensus/SaltedDomain.sol";
import {Proposal, Vote} from "../../contracts/consensus/Statement.sol";

/**
 * @title Statement__Harness
 * @notice The hashes and the digests of statements, for a domain of any salt.
 */
contract Statement__Harness is SaltedDomain {
    constructor(bytes32 salt) SaltedDomain(salt) {}

    function hashOfVote(Vote calldata vote) external pure returns (bytes32) {
        return vote.hash();
    }

    function hashOfProposal(Proposal calldata proposal) external pure returns (bytes32) {
        return proposal.hash();
    }

    function digestOfVote(Vote calldata vote) external view returns (bytes32) {
        return _typedDigest(vote.hash());
    }

    function digestOfProposal(Proposal calldata proposal) external view returns (bytes32) {
        return _typedDigest(proposal.hash());
    }

    function _domainName() internal pure override returns (string memory) {
        return "Healthchain BlockCertifier";
    }
}
