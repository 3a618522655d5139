// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRecordRegistry} from "../../contracts/records/IRecordRegistry.sol";
import {Record, RecordId, RecordLib, RecordState} from "../../contracts/records/Record.sol";
import {RecordRegistry} from "../../contracts/records/RecordRegistry.sol";
import {Actor, Healthchain__Harness as Healthchain} from "./Healthchain__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title RecordHandler__Harness
 * @notice Registers, asserts, accepts, repudiates and amends records of one hospital at random, and remembers each. What the registry must
 * refuse is tried too: if it goes through, the action fails.
 */
contract RecordHandler__Harness {
    /// @notice A record as it was registered, and where it must stand.
    struct Known {
        RecordId id;
        IRecordRegistry.RecordHeader header;
        bool byColleague;
        bool ofNeighbour;
        RecordState state;
    }

    Healthchain public immutable healthchain;
    RecordRegistry public immutable registry;
    address public immutable hospital;

    Known[] private _known;
    uint256 private _salt;

    constructor(Healthchain healthchain_) {
        healthchain = healthchain_;
        registry = healthchain_.recordRegistry();
        (, hospital) = healthchain_.hospital();
    }

    function register(uint8 dataClass, uint24 age, bool byColleague, bool ofNeighbour) external {
        Known memory known = _newRecord(dataClass, age, byColleague, ofNeighbour);
        RecordId id = _register(known);
        assert(RecordId.unwrap(id) == RecordId.unwrap(known.id));
        known.state = RecordState.Accepted;
        _known.push(known);
    }

    /// @notice What was registered once must not register again, whatever became of it.
    function registerAgain(uint256 index) external {
        if (_known.length == 0) return;
        Known memory known = _known[index % _known.length];
        IRecordRegistry.Signatures memory signatures = _sign(known, RecordId.wrap(0));
        address author = _author(known).wallet;
        vm.prank(hospital);
        try registry.register(known.header, author, signatures) {
            assert(false);
        } catch {}
    }

    function registerBatch(uint8 size, uint8 dataClass, uint24 age, bool byColleague) external {
        size = 1 + (size % 4);
        IRecordRegistry.BatchItem[] memory items = new IRecordRegistry.BatchItem[](size);
        bytes32[] memory ids = new bytes32[](size);
        Known memory known;
        for (uint256 i = 0; i < size; ++i) {
            known = _newRecord(dataClass, age, byColleague, i % 2 == 1);
            known.state = RecordState.Asserted;
            _known.push(known);
            ids[i] = RecordId.unwrap(known.id);
            items[i] = _item(known.header);
        }
        Actor memory author = _author(known);
        bytes memory signature = _signBatch(author, ids);
        vm.prank(hospital);
        registry.registerBatch(author.wallet, items, block.timestamp, signature);
    }

    function accept(uint256 index) external {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        bool asserted = known.state == RecordState.Asserted;
        vm.prank(known.header.patient);
        try registry.accept(known.id) {
            assert(asserted);
            known.state = RecordState.Accepted;
        } catch {
            assert(!asserted);
        }
    }

    function repudiate(uint256 index) external {
        if (_known.length == 0) return;
        Known storage known = _known[index % _known.length];
        bool asserted = known.state == RecordState.Asserted;
        vm.prank(known.header.patient);
        try registry.repudiate(known.id) {
            assert(asserted);
            known.state = RecordState.Repudiated;
        } catch {
            assert(!asserted);
        }
    }

    /// @notice Nobody but the patient speaks for a record.
    function speakForThePatient(uint256 index, bool byDoctor) external {
        if (_known.length == 0) return;
        Known memory known = _known[index % _known.length];
        address caller = byDoctor ? _author(known).wallet : hospital;
        vm.prank(caller);
        try registry.accept(known.id) {
            assert(false);
        } catch {}
    }

    function amend(uint256 index, uint8 dataClass, uint24 age, bool byColleague, bool ofAnother) external {
        if (_known.length == 0) return;
        index %= _known.length;
        Known storage old = _known[index];
        Known memory known = _newRecord(dataClass, age, byColleague, ofAnother != old.ofNeighbour);
        bool allowed = old.state == RecordState.Accepted && !ofAnother;
        IRecordRegistry.Signatures memory signatures = _sign(known, old.id);
        (RecordId id, address author) = (old.id, _author(known).wallet);
        vm.prank(hospital);
        try registry.amend(known.header, author, id, signatures) {
            assert(allowed);
            old.state = RecordState.Superseded;
            known.state = RecordState.Accepted;
            _known.push(known);
        } catch {
            assert(!allowed);
        }
    }

    function length() external view returns (uint256) {
        return _known.length;
    }

    /// @notice What the registry must say of a record.
    function expectedAt(uint256 index) external view returns (RecordId id, Record record) {
        Known memory known = _known[index];
        IRecordRegistry.RecordHeader memory header = known.header;
        uint24 doctor = known.byColleague ? 2 : 1;
        return (known.id, RecordLib.pack(header.patient, header.recordedAt, header.dataClass, 1, doctor, known.state));
    }

    function _newRecord(
        uint8 dataClass,
        uint24 age,
        bool byColleague,
        bool ofNeighbour
    ) private returns (Known memory known) {
        (known.byColleague, known.ofNeighbour) = (byColleague, ofNeighbour);
        bytes32 salt = bytes32(++_salt);
        known.header = IRecordRegistry.RecordHeader({
            patient: _owner(known).wallet,
            recordedAt: uint40(block.timestamp - age),
            dataClass: 24 + (dataClass % 8),
            salt: salt,
            sectionsRoot: keccak256(abi.encode(salt))
        });
        known.id = healthchain.idOf(known.header, _author(known));
    }

    function _register(Known memory known) private returns (RecordId) {
        IRecordRegistry.Signatures memory signatures = _sign(known, RecordId.wrap(0));
        address author = _author(known).wallet;
        vm.prank(hospital);
        return registry.register(known.header, author, signatures);
    }

    function _sign(Known memory known, RecordId supersedes) private view returns (IRecordRegistry.Signatures memory) {
        return healthchain.signRecord(known.header, _owner(known), _author(known), supersedes);
    }

    function _signBatch(Actor memory author, bytes32[] memory ids) private view returns (bytes memory) {
        bytes32 typeHash = keccak256("RecordBatch(bytes32[] ids,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, keccak256(abi.encodePacked(ids)), block.timestamp));
        bytes32 digest = healthchain.digestOf("Healthchain RecordRegistry", address(registry), structHash);
        return healthchain.sign(author, digest);
    }

    function _item(IRecordRegistry.RecordHeader memory header) private pure returns (IRecordRegistry.BatchItem memory) {
        Record subject = Record.wrap(
            uint160(header.patient) + uint256(header.recordedAt) * 2 ** 160 + uint256(header.dataClass) * 2 ** 200
        );
        return IRecordRegistry.BatchItem(subject, header.salt, header.sectionsRoot);
    }

    function _owner(Known memory known) private view returns (Actor memory) {
        (uint256 key, address wallet) = known.ofNeighbour ? healthchain.neighbour() : healthchain.patient();
        return Actor(key, wallet);
    }

    function _author(Known memory known) private view returns (Actor memory) {
        (uint256 key, address wallet) = known.byColleague ? healthchain.colleague() : healthchain.doctor();
        return Actor(key, wallet);
    }
}
