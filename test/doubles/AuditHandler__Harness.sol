// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBlockCertifier} from "../../contracts/consensus/IBlockCertifier.sol";
import {Epoch} from "../../contracts/consensus/Epoch.sol";
import {IValidatorRegistry} from "../../contracts/consensus/IValidatorRegistry.sol";
import {Seat, SeatLib} from "../../contracts/consensus/Seat.sol";
import {StakingModel__Harness as StakingModel} from "./StakingModel__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title AuditHandler__Harness
 * @notice Confirms blocks with the validators' signatures and settles epochs, so that rewards and jail come about as they do on a network.
 */
abstract contract AuditHandler__Harness is StakingModel {
    using SeatLib for Seat[];

    uint256 private constant BASIS_POINTS = 10_000;

    /// @notice The time and the block of the next action, kept here so that they do not depend on the runner.
    uint256 public clock = block.timestamp;
    uint256 public height = block.number;

    /// @notice What the certifier has minted, by the rules of the rewards.
    uint256 public settled;

    /// @notice How often each action went through: whoever changes one sees here whether it still does anything.
    mapping(bytes4 action => uint256) public succeeded;

    /// @notice Confirms all blocks that can be, with the signatures of some validators of their epoch.
    function confirm(uint24 step, uint128 signers, uint128 others, uint256 leaderSeed) external {
        _tick(step);
        uint32 epoch = certifier.settledEpoch() + 1;
        if (epoch > _epoch()) return;
        (Epoch record, uint256 endBlock, Seat[] memory seats) = registry.seatsOf(epoch);
        uint256 start = certifier.confirmedHeight() + 1;
        if (start < record.firstBlock()) start = record.firstBlock();
        uint256 last = endBlock <= block.number ? endBlock - 1 : block.number - 1;
        if (start > last) return;

        IBlockCertifier.Certificate memory certificate;
        certificate.epoch = epoch;
        certificate.height = uint64(last);
        certificate.blockHash = blockhash(last);
        certificate.leaders = new uint64[](last - start + 1);
        bytes32 leadersHash = start == record.firstBlock() ? bytes32(0) : certifier.leadersHash();
        for (uint256 i = 0; i < certificate.leaders.length; ++i) {
            uint256 slot = record.firstSlot() + start + i - record.firstBlock();
            uint256 leader = (slot << 8) | ((leaderSeed >> (i % 240)) % seats.length);
            certificate.leaders[i] = uint64(leader);
            leadersHash = keccak256(abi.encode(leadersHash, leader));
        }
        certificate.signers = (signers | others) & ((1 << seats.length) - 1);
        uint256 power;
        (certificate.signatures, power) = _sign(_digestOf(certificate, leadersHash), certificate.signers, seats);

        bool isQuorum = power * 3 > seats[seats.length - 1].end() * 2;
        try certifier.confirm(certificate) {
            assert(isQuorum);
            assert(certifier.confirmedHeight() == last);
            _done();
        } catch {
            assert(!isQuorum);
        }
    }

    /// @notice Settles the oldest epoch. What it pays is computed here from the participation.
    function settleEpoch(uint24 step) external {
        _tick(step);
        uint32 epoch = certifier.settledEpoch() + 1;
        if (epoch >= _epoch()) {
            try certifier.settleEpoch() {
                assert(false);
            } catch {}
            return;
        }
        (Epoch record, uint256 endBlock, Seat[] memory seats) = registry.seatsOf(epoch);
        uint256[] memory amounts = _amountsOf(epoch, endBlock - record.firstBlock(), seats);
        bool isConfirmed = certifier.confirmedHeight() + 1 >= endBlock;
        uint256 supply = coin.totalSupply();
        try certifier.settleEpoch() {
            assert(isConfirmed);
            uint256 minted;
            for (uint256 i = 0; i < seats.length; ++i) {
                if (amounts[i] != 0) _shareReward(seats[i].candidate(), epoch, amounts[i]);
                minted += amounts[i];
            }
            assert(coin.totalSupply() - supply == minted);
            settled += minted;
            _jailAbsent(epoch, endBlock - record.firstBlock(), seats);
            _done();
        } catch {
            assert(!isConfirmed);
        }
    }

    function _tick(uint24 step) internal {
        clock += step % (EPOCH_LENGTH / 4);
        height += 1 + (step % 3);
        vm.warp(clock);
        vm.roll(height);
    }

    function _done() internal {
        ++succeeded[msg.sig];
    }

    /// @dev Who stands or has resigned goes to jail; all others stay where they are.
    function _jail(uint256 candidate) internal {
        IValidatorRegistry.CandidateStatus status = _candidates[candidate].status;
        bool hasResigned = status == IValidatorRegistry.CandidateStatus.Resigned;
        if (!hasResigned && !_isStanding(candidate)) return;
        _candidates[candidate].status = IValidatorRegistry.CandidateStatus.Jailed;
        _candidates[candidate].jailedUntil = clock + JAIL_TIME;
    }

    function _jailAbsent(uint32 epoch, uint256 blocks, Seat[] memory seats) private {
        if (blocks < MIN_BLOCKS) return;
        for (uint256 i = 0; i < seats.length; ++i) {
            (uint256 signed, ) = certifier.participationOf(epoch, i);
            bool wasDown = signed * BASIS_POINTS < blocks * MIN_PARTICIPATION;
            if (wasDown) _jail(seats[i].candidate());
        }
    }

    function _amountsOf(
        uint32 epoch,
        uint256 blocks,
        Seat[] memory seats
    ) private view returns (uint256[] memory amounts) {
        uint256 affordable = (QUOTA - settled) / blocks;
        uint256 blockReward = affordable < BLOCK_REWARD ? affordable : BLOCK_REWARD;
        uint256 forLeader = (blockReward * LEADER_SHARE) / BASIS_POINTS;
        uint256 total = seats[seats.length - 1].end();
        amounts = new uint256[](seats.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            if (!_isEarning(seats[i].candidate())) continue;
            (uint256 signed, uint256 led) = certifier.participationOf(epoch, i);
            amounts[i] = led * forLeader + (signed * (blockReward - forLeader) * seats.powerAt(i)) / total;
        }
    }

    function _sign(
        bytes32 digest,
        uint256 signers,
        Seat[] memory seats
    ) private view returns (bytes memory signatures, uint256 power) {
        for (uint256 i = 0; i < seats.length; ++i) {
            if ((signers >> i) & 1 == 0) continue;
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(_actors[seats[i].candidate() - 1].key, digest);
            signatures = abi.encodePacked(signatures, r, s, v);
            power += seats.powerAt(i);
        }
    }

    function _digestOf(
        IBlockCertifier.Certificate memory certificate,
        bytes32 leadersHash
    ) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Vote(uint32 epoch,uint64 height,uint32 round,uint8 phase,bytes32 blockHash,bytes32 stateRoot,bytes32 leadersHash)"
        );
        bytes32 structHash = keccak256(
            abi.encode(
                typeHash,
                certificate.epoch,
                certificate.height,
                certificate.round,
                2,
                certificate.blockHash,
                certificate.stateRoot,
                leadersHash
            )
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
                ),
                keccak256("Healthchain BlockCertifier"),
                keccak256("1"),
                block.chainid,
                address(certifier),
                SALT
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
