// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Standing} from "../../contracts/records/Standing.sol";

/// @notice A patient's one slot in the consent registry, for any values.
contract StandingTest {
    function testFuzz_KeepsWhatWasSet(uint40 allRevokedAt, bool optedOut, uint8 raises) external pure {
        Standing standing = Standing.wrap(0);
        for (uint256 i = 0; i < raises; ++i) standing = standing.raised();
        standing = standing.withBreakGlassOptOut(!optedOut).withAllRevokedAt(type(uint40).max);
        standing = standing.withAllRevokedAt(allRevokedAt).withBreakGlassOptOut(optedOut);
        assert(standing.allRevokedAt() == allRevokedAt);
        assert(standing.breakGlassOptOut() == optedOut);
        assert(standing.counter() == raises);
    }

    function testFuzz_AChangeOfOneFieldLeavesTheOthers(uint256 word, uint40 allRevokedAt, bool optedOut) external pure {
        Standing before = Standing.wrap(word);
        Standing revoked = before.withAllRevokedAt(allRevokedAt);
        assert(revoked.counter() == before.counter() && revoked.breakGlassOptOut() == before.breakGlassOptOut());
        Standing opted = before.withBreakGlassOptOut(optedOut);
        assert(opted.counter() == before.counter() && opted.allRevokedAt() == before.allRevokedAt());
    }

    function testFuzz_TheCounterTouchesNothingElse(uint224 rest, uint32 counter) external pure {
        if (counter == type(uint32).max) return;
        Standing before = Standing.wrap(rest + uint256(counter) * 2 ** 224);
        Standing raised = before.raised();
        assert(raised.counter() == counter + 1);
        assert(uint224(Standing.unwrap(raised)) == rest);
    }
}
