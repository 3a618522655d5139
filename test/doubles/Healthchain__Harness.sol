// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Consortium} from "../../contracts/Consortium.sol";
import {Role} from "../../contracts/accounts/Account.sol";
import {AccountCenter} from "../../contracts/accounts/AccountCenter.sol";
import {IAccountCenter} from "../../contracts/accounts/IAccountCenter.sol";
import {ConsentRegistry} from "../../contracts/records/ConsentRegistry.sol";
import {IRecordRegistry} from "../../contracts/records/IRecordRegistry.sol";
import {RecordId} from "../../contracts/records/Record.sol";
import {RecordRegistry} from "../../contracts/records/RecordRegistry.sol";
import {vm} from "./Vm.sol";

/// @notice A private key and the wallet that it is for.
struct Actor {
    uint256 key;
    address wallet;
}

/**
 * @title Healthchain__Harness
 * @notice A deployment with everybody in it, for the tests in Solidity: two institutions with a doctor each, a researcher, two patients.
 * What they sign is written out here, apart from the contracts.
 */
contract Healthchain__Harness {
    uint256 public constant START = 1_800_000_000;
    uint64 private constant REGISTRAR_ROLE = 1;

    Consortium public immutable consortium;
    AccountCenter public immutable accountCenter;
    RecordRegistry public immutable recordRegistry;
    ConsentRegistry public immutable consentRegistry;

    Actor public registrar = _actor(1);
    /// @notice Institution 1 and its doctor, professional 1.
    Actor public hospital = _actor(2);
    Actor public doctor = _actor(3);
    /// @notice Institution 2 and its doctor, professional 2.
    Actor public clinic = _actor(4);
    Actor public colleague = _actor(5);
    /// @notice Professional 3, of no institution.
    Actor public researcher = _actor(6);
    Actor public patient = _actor(7);
    Actor public neighbour = _actor(8);

    uint256 private _serial;

    constructor() {
        vm.warp(START);
        consortium = new Consortium(address(this));
        accountCenter = new AccountCenter(address(consortium));
        recordRegistry = new RecordRegistry(address(consortium), accountCenter);
        consentRegistry = new ConsentRegistry(address(consortium), accountCenter, recordRegistry, 3, 1 hours);

        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = AccountCenter.enroll.selector;
        consortium.setTargetFunctionRole(address(accountCenter), selectors, REGISTRAR_ROLE);
        consortium.grantRole(REGISTRAR_ROLE, registrar.wallet, 0);

        enroll(hospital.wallet, Role.Institution, 0);
        enroll(clinic.wallet, Role.Institution, 0);
        enroll(doctor.wallet, Role.Doctor, 1);
        enroll(colleague.wallet, Role.Doctor, 2);
        enroll(researcher.wallet, Role.Researcher, 0);
        enroll(patient.wallet, Role.Patient, 0);
        enroll(neighbour.wallet, Role.Patient, 0);
    }

    /// @notice Certifies a wallet for a hundred years.
    function enroll(address wallet, Role role, uint16 institution) public {
        IAccountCenter.Certificate memory certificate = IAccountCenter.Certificate({
            wallet: wallet,
            role: role,
            institution: institution,
            identityCommitment: keccak256(abi.encode(wallet)),
            expiresAt: uint64(START + 36_500 days),
            serial: ++_serial
        });
        bytes32 typeHash = keccak256(
            "Certificate(address wallet,uint8 role,uint16 institution,bytes32 identityCommitment,uint64 expiresAt,uint256 serial)"
        );
        bytes32 structHash = keccak256(abi.encode(typeHash, certificate));
        bytes32 digest = digestOf("Healthchain AccountCenter", address(accountCenter), structHash);
        accountCenter.enroll(certificate, registrar.wallet, sign(registrar, digest));
    }

    /// @notice Registers a record of `owner`, by the hospital and its doctor.
    function register(Actor memory owner, uint8 dataClass, bytes32 salt) external returns (RecordId id) {
        IRecordRegistry.RecordHeader memory header = IRecordRegistry.RecordHeader({
            patient: owner.wallet,
            recordedAt: uint40(START),
            dataClass: dataClass,
            salt: salt,
            sectionsRoot: keccak256(abi.encode(salt))
        });
        IRecordRegistry.Signatures memory signatures = signRecord(header, owner, doctor, RecordId.wrap(0));
        vm.prank(hospital.wallet);
        return recordRegistry.register(header, doctor.wallet, signatures);
    }

    /// @notice The signatures of patient and doctor over a record of the hospital.
    function signRecord(
        IRecordRegistry.RecordHeader memory header,
        Actor memory owner,
        Actor memory author,
        RecordId supersedes
    ) public view returns (IRecordRegistry.Signatures memory) {
        uint256 deadline = block.timestamp;
        bytes32 typeHash = keccak256("Record(bytes32 id,bytes32 supersedes,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, idOf(header, author), supersedes, deadline));
        bytes32 digest = digestOf("Healthchain RecordRegistry", address(recordRegistry), structHash);
        return IRecordRegistry.Signatures(deadline, sign(owner, digest), sign(author, digest));
    }

    /// @notice The id of a record of the hospital, by the design.
    function idOf(IRecordRegistry.RecordHeader memory header, Actor memory author) public view returns (RecordId) {
        uint24 number = author.wallet == doctor.wallet ? 1 : 2;
        bytes32 inner = keccak256(
            abi.encode(
                block.chainid,
                address(recordRegistry),
                header.patient,
                number,
                uint16(1),
                header.recordedAt,
                header.dataClass,
                header.salt
            )
        );
        return RecordId.wrap(keccak256(abi.encode(inner, header.sectionsRoot)));
    }

    /// @notice The EIP-712 digest of a struct for one of the contracts.
    function digestOf(string memory name, address target, bytes32 structHash) public view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                target
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function sign(Actor memory signer, bytes32 digest) public pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signer.key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _actor(uint256 seed) private pure returns (Actor memory) {
        uint256 key = uint256(keccak256(abi.encode("actor", seed)));
        return Actor(key, vm.addr(key));
    }
}
