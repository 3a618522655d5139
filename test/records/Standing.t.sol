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
        assert(revoked.allRevokedAt() == allRevokedAt);
        assert(revoked.counter() == before.counter() && revoked.breakGlassOptOut() == before.breakGlassOptOut());
        Standing opted = before.withBreakGlassOptOut(optedOut);
        assert(opted.counter() == before.counter() && opted.allRevokedAt() == before.allRevokedAt());
    }

    /// @dev A list of all times, looked through from the start, says the same of the last five.
    function testFuzz_FindsTheFirstOfTheLastFiveRevocations(
        uint8[12] memory gaps,
        uint8 count,
        uint16 since
    ) external pure {
        Standing standing = Standing.wrap(0).withBreakGlassOptOut(true);
        uint256[] memory times = new uint256[](count % 13);
        uint256 distinct;
        uint40 time = 1;
        for (uint256 i = 0; i < times.length; ++i) {
            time += gaps[i] % 4;
            standing = standing.raised().withAllRevokedAt(time);
            if (distinct == 0 || times[distinct - 1] != time) times[distinct++] = time;
        }
        uint256 asked = since % (uint256(time) + 2);
        uint256 expected;
        for (uint256 i = distinct < 5 ? 0 : distinct - 5; i < distinct && expected == 0; ++i) {
            if (times[i] >= asked) expected = times[i];
        }
        assert(standing.allRevokedSince(asked) == expected);
        assert(standing.counter() == times.length && standing.breakGlassOptOut());
    }

    function testFuzz_TheCounterTouchesNothingElse(uint224 rest, uint32 counter) external pure {
        if (counter == type(uint32).max) return;
        Standing before = Standing.wrap(rest + uint256(counter) * 2 ** 224);
        Standing raised = before.raised();
        assert(raised.counter() == counter + 1);
        assert(uint224(Standing.unwrap(raised)) == rest);
    }
}
