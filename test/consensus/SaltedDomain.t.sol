// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Proposal} from "../../contracts/consensus/Statement.sol";
import {Statement__Harness} from "../doubles/Statement__Harness.sol";
import {vm} from "../doubles/Vm.sol";

/// @dev The cheatcode that only this test needs.
interface VmChain {
    function chainId(uint256 id) external;
}

/// @notice A domain apart from every other: by salt, by contract and by chain, also by a chain that changes its id.
contract SaltedDomainTest {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
    );

    function testFuzz_DigestsAreOfTheDomainThatIsPublished(
        bytes32 salt,
        uint32 chain,
        Proposal memory proposal
    ) external {
        Statement__Harness harness = new Statement__Harness(salt);
        VmChain(address(vm)).chainId(uint256(chain) + 1);
        (, string memory name, string memory version, uint256 chainId, address verifier, bytes32 published, ) = harness
            .eip712Domain();
        assert(published == salt && chainId == uint256(chain) + 1 && verifier == address(harness));
        bytes32 separator = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name)), keccak256(bytes(version)), chainId, verifier, published)
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", separator, harness.hashOfProposal(proposal)));
        assert(harness.digestOfProposal(proposal) == digest);
    }

    function testFuzz_AnotherSaltIsAnotherDigest(bytes32 salt, bytes32 otherSalt, Proposal memory proposal) external {
        vm.assume(salt != otherSalt);
        Statement__Harness harness = new Statement__Harness(salt);
        Statement__Harness other = new Statement__Harness(otherSalt);
        assert(harness.digestOfProposal(proposal) != other.digestOfProposal(proposal));
    }

    function testFuzz_AnotherContractIsAnotherDigest(bytes32 salt, Proposal memory proposal) external {
        Statement__Harness harness = new Statement__Harness(salt);
        Statement__Harness other = new Statement__Harness(salt);
        assert(harness.digestOfProposal(proposal) != other.digestOfProposal(proposal));
    }

    function testFuzz_AForkThatChangesItsChainIdHasOtherDigests(
        bytes32 salt,
        uint32 chain,
        Proposal memory proposal
    ) external {
        vm.assume(chain != block.chainid);
        Statement__Harness harness = new Statement__Harness(salt);
        bytes32 digest = harness.digestOfProposal(proposal);
        uint256 before = block.chainid;
        VmChain(address(vm)).chainId(uint256(chain) + 1);
        assert(uint256(chain) + 1 == before || harness.digestOfProposal(proposal) != digest);
        VmChain(address(vm)).chainId(before);
        assert(harness.digestOfProposal(proposal) == digest);
    }
}
