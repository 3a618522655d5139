// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Grant, GrantLib, Terms} from "../../contracts/records/Grant.sol";
import {vm} from "../doubles/Vm.sol";

/// @notice A grant's one slot, for any values.
contract GrantTest {
    function testFuzz_UnpacksWhatItPacked(Terms memory terms, uint40 grantedAt, uint40 revokedAt) external pure {
        Grant grant = GrantLib.pack(terms, grantedAt);
        assert(grant.revokedAt() == 0);
        grant = grant.withRevokedAt(revokedAt);
        assert(grant.purposes() == terms.purposes && grant.dataClasses() == terms.dataClasses);
        assert(grant.from() == terms.from && grant.until() == terms.until);
        assert(grant.revokedAt() == revokedAt && grant.grantedAt() == grantedAt);
        assert(grant.exists() == (Grant.unwrap(grant) != 0));
    }

    function testFuzz_PacksAsTheLayoutDraws(Terms memory terms, uint40 grantedAt) external pure {
        uint256 expected = terms.purposes + uint256(terms.dataClasses) * 2 ** 32 + uint256(terms.from) * 2 ** 64;
        expected += uint256(terms.until) * 2 ** 104 + uint256(grantedAt) * 2 ** 184;
        assert(Grant.unwrap(GrantLib.pack(terms, grantedAt)) == expected);
    }

    function testFuzz_IsLiveUntilItEndsOrIsRevoked(
        Terms memory terms,
        uint40 grantedAt,
        uint40 revokedAt,
        uint40 allRevokedAt,
        uint40 moment
    ) external {
        vm.warp(moment);
        Grant grant = GrantLib.pack(terms, grantedAt).withRevokedAt(revokedAt);
        bool revoked = revokedAt != 0 || grantedAt <= allRevokedAt;
        assert(grant.isRevoked(allRevokedAt) == revoked);
        assert(grant.isLive(allRevokedAt) == (!revoked && moment < terms.until));
    }

    function testFuzz_EndsAtTheVerySecond(Terms memory terms, uint40 grantedAt) external {
        vm.assume(terms.until != 0 && grantedAt != 0);
        Grant grant = GrantLib.pack(terms, grantedAt);
        vm.warp(terms.until - 1);
        assert(grant.isLive(0));
        vm.warp(terms.until);
        assert(!grant.isLive(0));
    }

    function testFuzz_ARevocationOfAllReachesItsOwnSecond(Terms memory terms, uint40 grantedAt) external pure {
        vm.assume(grantedAt != 0);
        Grant grant = GrantLib.pack(terms, grantedAt);
        assert(grant.isRevoked(grantedAt));
        assert(!grant.isRevoked(grantedAt - 1));
    }
}
